package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.builtin.Definitions;
import dev.sluice.executor.expression.builtin.Native;
import dev.sluice.executor.expression.builtin.NativeTable;
import dev.sluice.executor.expression.program.Scope.Binding;
import dev.sluice.executor.expression.program.Scope.Function;
import dev.sluice.executor.expression.program.Scope.Inlined;
import dev.sluice.executor.expression.program.Scope.Level;
import dev.sluice.executor.expression.program.Scope.Parameter;
import dev.sluice.executor.expression.syntax.CompileException;
import dev.sluice.executor.expression.syntax.Problem;
import dev.sluice.executor.expression.syntax.Term;
import dev.sluice.executor.expression.syntax.Term.Definition;
import dev.sluice.executor.expression.value.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Compiles a program's terms to nodes. What has at most one output becomes a {@link Scalar}; a function that does not call
 * itself becomes a part of each of its callers, with their arguments in the places of its parameters. Goes on after a
 * problem, to find the others.
 */
final class Compiler {

    /** Most nodes of a program; beyond, it is refused. */
    private static final int MAX_NODES = 100_000;

    /** Deepest nesting of terms, links of a chain counted but for those of operators: compiling takes the stack, a kilobyte a level. */
    static final int MAX_DEPTH = 500;

    /** Most names that a part of a program sees, as each use of one goes over them. */
    private static final int MAX_NAMES = 1_000;

    /** Problems that are told; finding further ones helps nobody. */
    private static final int MAX_PROBLEMS = 100;

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
            "modulemeta",
            "get_search_list");
    private static final Set<String> EXCLUDED_VARIABLES =
            Set.of("ENV", "__prog_args", "JQ_BUILD_CONFIGURATION", Program.CLOCK);

    private final String source;
    private final Set<String> givens;
    private final Set<Problem> problems = new LinkedHashSet<>();
    private final Map<String, Function> library = new HashMap<>();
    private final Level main = new Level(0);
    private final Functions functions = new Functions(this);
    private final Terms terms = new Terms(this);
    private int nodes;
    private int depth;
    private int @Nullable [] lines;

    Compiler(String source, Set<String> givens) {
        this.source = source;
        this.givens = givens;
    }

    /**
     * The program's node, and the slots it needs.
     *
     * @throws CompileException with all problems found
     */
    Program compile(Term program) {
        Node root = compile(program, new Place(Scope.EMPTY, main, false, -1));
        functions.compileWaiting();
        if (!problems.isEmpty()) {
            List<Problem> sorted = new ArrayList<>(problems);
            sorted.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
            throw new CompileException(sorted);
        }
        return new Program(root, main.slots(), source);
    }

    Node compile(Term term, Place place) {
        if (++nodes > MAX_NODES) {
            return nodes == MAX_NODES + 1 ? problem(place.at(term), "the program is too large") : Leaves.nothing();
        }
        if (depth == MAX_DEPTH) {
            return problem(place.at(term), "the program is nested deeper than " + MAX_DEPTH + " levels");
        }
        if (place.scope().size() > MAX_NAMES) {
            return problem(place.at(term), "more than " + MAX_NAMES + " names are defined here");
        }
        depth++;
        Node node = terms.node(term, place);
        depth--;
        return node;
    }

    /** How deep what is being compiled is nested. */
    int depth() {
        return depth;
    }

    /** How much of the program there is already. */
    int nodes() {
        return nodes;
    }

    Level main() {
        return main;
    }

    Functions functions() {
        return functions;
    }

    Node problem(int at, String message) {
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(Problem.at(source, at, message));
        }
        return Leaves.nothing();
    }

    private Node unavailable(int at, String name) {
        return problem(at, name + " is not available: an expression sees only its input and variables");
    }

    Node variable(Term.Variable term, Place place) {
        String name = term.name();
        Scope.Variable variable = place.scope().variable(name);
        if (variable != null) {
            return new Leaves.Variable(place.level().hopsTo(variable.level()), variable.slot());
        }
        if (name.equals("__loc__")) {
            return location(place.at(term));
        }
        if (EXCLUDED_VARIABLES.contains(name)) {
            return unavailable(place.at(term), '$' + name);
        }
        return givens.contains(name)
                ? new Leaves.Given(name, '$' + name + " is not defined")
                : problem(place.at(term), '$' + name + " is not defined");
    }

    private Node location(int at) {
        ObjectNode location = JsonNodeFactory.instance.objectNode();
        location.put("file", "<top-level>");
        location.put("line", line(at));
        return new Leaves.Constant(location);
    }

    /** Counted once for all places. */
    private int line(int at) {
        if (lines == null) {
            lines = IntStream.range(0, source.length())
                    .filter(i -> source.charAt(i) == '\n')
                    .toArray();
        }
        // No variable is where a line ends.
        return -Arrays.binarySearch(lines, at);
    }

    Node call(Term.Call call, Place place) {
        Binding binding = place.scope().callable(call.name(), call.arguments().size());
        return switch (binding) {
            case null -> builtin(call, place);
            case Inlined inlined ->
                compile(inlined.term(), new Place(inlined.scope(), place.level(), place.last(), inlined.origin()));
            case Parameter parameter -> given(parameter, place);
            case Function function -> functions.call(function, call, place);
            case Scope.Variable variable -> throw new IllegalStateException(variable + " is called");
            case Scope.Label label -> throw new IllegalStateException(label + " is called");
        };
    }

    private static Node given(Parameter parameter, Place place) {
        int hops = place.level().hopsTo(parameter.level());
        return parameter.one() ? new Calls.OneGiven(hops, parameter.index()) : new Calls.Given(hops, parameter.index());
    }

    private Node builtin(Term.Call call, Place place) {
        String signature = call.name() + '/' + call.arguments().size();
        if (call.name().startsWith("_") && place.origin() < 0) {
            // What builtins are made of takes what they give it, and checks nothing.
            return problem(place.at(call), signature + " is not defined");
        }
        Native builtin = NativeTable.get(signature);
        if (builtin != null) {
            return Natives.of(builtin, arguments(call, place), place.at(call));
        }
        Node special = Specials.node(signature, call, place, this);
        if (special != null) {
            return special;
        }
        Function function = library(signature);
        if (function != null) {
            return functions.call(function, call, place);
        }
        return EXCLUDED.contains(call.name())
                ? unavailable(place.at(call), call.name())
                : problem(place.at(call), signature + " is not defined");
    }

    private @Nullable Function library(String signature) {
        Definition definition = Definitions.get(signature);
        return definition == null ? null : library.computeIfAbsent(signature, key -> Scope.library(definition, main));
    }

    List<Node> arguments(Term.Call call, Place place) {
        List<Node> arguments = new ArrayList<>(call.arguments().size());
        for (Term argument : call.arguments()) {
            arguments.add(compile(argument, place.inner()));
        }
        return arguments;
    }

    static Node constant(JsonNode value) {
        return value.isNull() ? new Leaves.Constant(Values.NULL) : new Leaves.Constant(value);
    }

    /**
     * Where a term is compiled.
     *
     * @param last   whether its outputs are those of the function around, so that a call in its place may take the
     *               function's
     * @param origin the place in the program that problems are told of, where the term is none of the program's; else negative
     */
    record Place(Scope scope, Level level, boolean last, int origin) {

        Place inner() {
            return last ? new Place(scope, level, false, origin) : this;
        }

        Place last(boolean now) {
            return now == last ? this : new Place(scope, level, now, origin);
        }

        Place with(Binding binding) {
            return new Place(scope.with(binding), level, last, origin);
        }

        Place in(Scope other) {
            return new Place(other, level, last, origin);
        }

        int at(Term term) {
            return origin < 0 ? term.at() : origin;
        }
    }
}
