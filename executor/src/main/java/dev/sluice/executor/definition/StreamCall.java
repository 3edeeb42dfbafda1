package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Expression;
import org.jspecify.annotations.Nullable;

/**
 * A response that is read as a stream.
 *
 * @param request asks for it, or for the first of its pages
 * @param format  what it is made of
 * @param pages   how one page leads to the next; there if and only if it is made of pages
 * @param select  gives the elements that one makes, as an array; absent for that one
 */
public record StreamCall(
        HttpCall request,
        Format format,
        @Nullable Pagination pages,
        @Nullable Expression select) {

    /** What a response is made of. */
    public enum Format {
        /** One JSON array. */
        JSON_ARRAY,
        /** JSON values, each on a line. */
        NDJSON,
        /** Server-sent events. */
        SSE,
        /** Comma-separated values, whose first record names the fields. */
        CSV,
        /** Responses of which one leads to the next. */
        PAGES
    }

    /** What becomes of the elements' outputs. */
    public enum Collect {
        /** Nothing: the output is JSON null. */
        NONE,
        /** How many there were. */
        COUNT,
        /** All of them, in the order of the elements. */
        ARRAY
    }
}
