package dev.sluice.executor.expression;

import dev.sluice.executor.expression.ProgramNames.Use;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Version;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A program evaluated by jackson-jq. */
final class JqExpression implements Expression {

    private static final Version VERSION = Versions.JQ_1_7;
    private static final String CLOCK = "__now";
    private static final Set<String> EXCLUDED = Set.of(
            "env",
            "input",
            "inputs",
            "input_filename",
            "input_line_number",
            "debug",
            "stderr",
            "halt",
            "halt_error",
            "include",
            "import",
            "modulemeta",
            "get_search_list",
            "debug_scope",
            "_debug_scope");
    private static final Set<String> EXCLUDED_VARIABLES = Set.of("ENV", "__loc__", "__prog_args", CLOCK);
    private static final Scope BUILTINS = builtins();

    private final JsonQuery query;
    private final Set<String> variables;

    private JqExpression(JsonQuery query, Set<String> variables) {
        this.query = query;
        this.variables = variables;
    }

    static JqExpression compile(String program, ProgramNames names, Set<String> known) {
        JsonQuery query = parse(program);
        Set<String> read = new LinkedHashSet<>();
        for (Use use : names.variables()) {
            if (EXCLUDED_VARIABLES.contains(use.name())) {
                throw excluded('$' + use.name(), program, use);
            }
            if (known.contains(use.name())) {
                read.add(use.name());
            } else if (!names.bound().contains(use.name())) {
                throw refused('$' + use.name() + " is not defined", program, use);
            }
        }
        for (Use use : names.calls()) {
            check(use, program, names);
            if (use.signature().equals("now/0")) {
                read.add(CLOCK);
            }
        }
        return new JqExpression(query, Set.copyOf(read));
    }

    private static void check(Use use, String program, ProgramNames names) {
        if (names.defined().contains(use.signature())) {
            return;
        }
        if (EXCLUDED.contains(use.name())) {
            throw excluded(use.name(), program, use);
        }
        if (BUILTINS.getFunction(use.name(), use.arity()) == null) {
            throw refused(use.signature() + " is not defined", program, use);
        }
    }

    private static ExpressionException excluded(String name, String program, Use use) {
        return refused(name + " is not available: an expression sees only its input and variables", program, use);
    }

    private static ExpressionException refused(String reason, String program, Use use) {
        String before = program.substring(0, use.offset());
        int line = (int) before.lines().count();
        int column = use.offset() - before.lastIndexOf('\n');
        return new ExpressionException(
                reason + " (line " + Math.max(1, before.endsWith("\n") ? line + 1 : line) + ", column " + column + ')');
    }

    private static JsonQuery parse(String program) {
        try {
            return JsonQuery.compile(program, VERSION);
        } catch (JsonQueryException e) {
            throw new ExpressionException(syntax(e.getCause() == null ? e : e.getCause()));
        } catch (StackOverflowError e) {
            throw new ExpressionException("The expression is nested too deeply");
        } catch (net.thisptr.jackson.jq.internal.javacc.TokenMgrError e) {
            throw new ExpressionException(syntax(e));
        }
    }

    /** The parser's message without its list of everything that could have stood there. */
    private static String syntax(Throwable e) {
        String message = Objects.requireNonNullElse(e.getMessage(), "");
        int end = message.indexOf("\nWas expecting");
        String reason = (end < 0 ? message : message.substring(0, end)).strip();
        return "syntax error: " + reason.replaceAll("[\\r\\n]+\\s*", " ");
    }

    @Override
    public JsonNode evaluate(JsonNode input, Arguments arguments) {
        try {
            return JqTrees.fromJq(first(input, scope(arguments)));
        } catch (JsonQueryException e) {
            throw new ExpressionException(worded(e));
        } catch (StackOverflowError e) {
            throw new ExpressionException("The expression recurses too deeply");
        } catch (OutOfMemoryError e) {
            throw new ExpressionException("The expression needs more memory than there is");
        } catch (ExpressionException e) {
            throw e;
        } catch (RuntimeException e) {
            // jackson-jq lets errors of Java through where jq has errors of its own, such as a number too large.
            throw new ExpressionException("The expression failed: " + e.getMessage());
        }
    }

    /** jackson-jq words one error as jq 1.4 did; everywhere else it has the words of today. */
    private static String worded(JsonQueryException e) {
        String message = Objects.requireNonNullElse(e.getMessage(), "");
        return message.startsWith("Cannot index ") ? message.replace(" with string \"", " with \"") : message;
    }

    private com.fasterxml.jackson.databind.JsonNode first(JsonNode input, Scope scope) throws JsonQueryException {
        try {
            query.apply(scope, JqTrees.toJq(input), value -> {
                throw new FirstOutput(value);
            });
            return com.fasterxml.jackson.databind.node.NullNode.getInstance();
        } catch (FirstOutput found) {
            return found.value;
        }
    }

    private Scope scope(Arguments arguments) {
        Scope scope = Scope.newChildScope(BUILTINS);
        for (String name : variables) {
            scope.setValue(name, new Converted(arguments, name));
        }
        return scope;
    }

    private static Scope builtins() {
        Scope scope = Scope.newEmptyScope();
        BuiltinFunctionLoader.getInstance().loadFunctions(VERSION, scope);
        scope.addFunction("now", 0, (caller, arguments, input, path, output, version) -> {
            var now = caller.getValue(CLOCK);
            if (now == null) {
                throw new JsonQueryException("now is not available here");
            }
            output.emit(now, null);
        });
        return scope;
    }

    /** A variable's value, converted when the program first reads it. */
    private static final class Converted implements Supplier<com.fasterxml.jackson.databind.JsonNode> {
        private final Arguments arguments;
        private final String name;
        private com.fasterxml.jackson.databind.@Nullable JsonNode value;

        private Converted(Arguments arguments, String name) {
            this.arguments = arguments;
            this.name = name;
        }

        @Override
        public com.fasterxml.jackson.databind.JsonNode get() {
            if (value == null) {
                JsonNode ours = arguments.get(name);
                if (ours == null) {
                    throw new ExpressionException(
                            name.equals(CLOCK) ? "now is not available here" : '$' + name + " is not defined");
                }
                value = JqTrees.toJq(ours);
            }
            return value;
        }
    }

    /** Ends an evaluation at its first output; unchecked, because a program's {@code try} catches jq's own errors. */
    private static final class FirstOutput extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient com.fasterxml.jackson.databind.JsonNode value;

        private FirstOutput(com.fasterxml.jackson.databind.JsonNode value) {
            super(null, null, false, false);
            this.value = value;
        }
    }
}
