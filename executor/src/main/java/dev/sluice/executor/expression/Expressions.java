package dev.sluice.executor.expression;

import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Compiles runtime expressions, which are jq 1.8 programs (DSL, "Runtime Expressions"). An expression sees its input and the
 * variables of its scope and nothing else: what reaches outside (environment, files, standard streams, other inputs) is
 * refused when it is compiled. {@code now} gives the variable {@code __now}, the logical clock in seconds, so that a
 * replay computes what the first run did. Thread-safe.
 */
public final class Expressions {

    private static final Pattern ENCLOSED = Pattern.compile("^\\s*\\$\\{(.+)}\\s*$", Pattern.DOTALL);

    private Expressions() {}

    /** Whether a string of a document as a whole is an expression: <code>${ … }</code>. */
    public static boolean isExpression(String text) {
        return ENCLOSED.matcher(text).matches();
    }

    /** What an expression gives that reads nothing and so gives it everywhere; empty for any other, and for what is none. */
    public static Optional<JsonNode> constant(String text) {
        Matcher enclosed = ENCLOSED.matcher(text);
        return enclosed.matches() ? Constants.of(enclosed.group(1)) : Optional.empty();
    }

    /** Whether an expression reads nothing but the values of these names, as far as that is seen at a glance. */
    public static boolean readsOnly(String text, Set<String> variables) {
        Matcher enclosed = ENCLOSED.matcher(text);
        return enclosed.matches() && Constants.readsOnly(enclosed.group(1), variables);
    }

    /** Whether a text compiles. */
    public static boolean isProgram(String text, Set<String> variables) {
        try {
            var _ = compile(text, variables);
            return true;
        } catch (ExpressionException e) {
            return false;
        }
    }

    /**
     * Compiles a program, with or without <code>${ … }</code> around it.
     *
     * @param variables the names that will have a value, without {@code $}
     * @throws ExpressionException when the program is malformed or uses a variable or function that is not there
     */
    public static Expression compile(String source, Set<String> variables) {
        Matcher enclosed = ENCLOSED.matcher(source);
        String program = enclosed.matches() ? enclosed.group(1) : source;
        ProgramExpression expression = ProgramExpression.compile(program, variables);
        CountExpression count = CountExpression.of(program, expression, variables);
        return count == null ? expression : count;
    }

    /**
     * The same, for the array of all that the program gives.
     *
     * @throws ExpressionException as {@link #compile}
     */
    public static Expression compileAll(String source, Set<String> variables) {
        Matcher enclosed = ENCLOSED.matcher(source);
        String program = enclosed.matches() ? enclosed.group(1) : source;
        var _ = ProgramExpression.compile(program, variables);
        return ProgramExpression.compile("[(" + program + "\n)]", variables);
    }

    /**
     * Compiles a JSON value in which each string of the form <code>${ … }</code> is an expression, or each that compiles in
     * {@link ExpressionMode#LOOSE}. A value without any is given back as it is by each evaluation, not copied.
     *
     * @param pointer   JSON pointer of the value in its document
     * @param variables the names that will have a value, without {@code $}
     * @param problems  takes the pointer and the reason of each expression that does not compile; the template that is
     *                  returned then fails when it is evaluated
     */
    public static Template template(
            JsonNode value,
            String pointer,
            Set<String> variables,
            ExpressionMode mode,
            BiConsumer<String, String> problems) {
        return new TemplateCompiler(variables, mode, problems).compile(value, pointer);
    }
}
