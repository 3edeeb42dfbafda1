package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Expression;
import org.jspecify.annotations.Nullable;

/** How a page leads to the next one. */
public sealed interface Pagination {

    /**
     * By something that the page says: null, false or empty text for the last one.
     *
     * @param from      finds it in the page
     * @param parameter of the query that takes it; absent when it is the next page's address
     */
    record Cursor(Expression from, @Nullable String parameter) implements Pagination {}

    /**
     * By how many elements came before; a page with fewer than it may have is the last.
     *
     * @param parameter      of the query that takes their number
     * @param limitParameter of the query that says how many elements a page may have, absent for none
     * @param limit          how many that are
     */
    record Offset(String parameter, @Nullable String limitParameter, int limit) implements Pagination {}

    /**
     * By its number; a page without elements is the last.
     *
     * @param parameter of the query that takes it
     * @param first     number of the first page
     */
    record Page(String parameter, int first) implements Pagination {}

    /** By a {@code Link} header (RFC 8288) of relation type {@code next}; a page without one is the last. */
    record Link() implements Pagination {}
}
