package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Template;
import org.jspecify.annotations.Nullable;

/**
 * A call over HTTP: the {@code with} of {@code call: http}, or what that of another call stands for.
 *
 * @param method   upper-case method
 * @param arguments what the other templates are evaluated over, absent for the task's input
 * @param uri      gives the URI as text: a literal, a URI template expanded from the input, or an expression
 * @param headers  gives an object of header values, absent for none
 * @param body     gives the body, a missing node for none; absent for none
 * @param query    gives an object of query parameters, of which lists are repeated; absent for none
 * @param authentication how it says who makes it, absent for not at all
 * @param output   what the task's output is
 * @param redirect whether a status from 300 to 399 is a result rather than an error
 */
public record HttpCall(
        String method,
        @Nullable Template arguments,
        Template uri,
        @Nullable Template headers,
        @Nullable Template body,
        @Nullable Template query,
        @Nullable Authentication authentication,
        Output output,
        boolean redirect)
        implements Call {

    /** What of a response becomes the output. */
    public enum Output {
        RAW,
        CONTENT,
        RESPONSE
    }
}
