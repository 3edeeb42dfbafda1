package dev.sluice.executor.schema;

import java.util.List;

/** A document that is no schema. */
public final class InvalidSchemaException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /**
     * What is wrong with the document.
     *
     * @param pointer JSON pointer within it
     */
    public record Problem(String pointer, String reason) {}

    InvalidSchemaException(List<Problem> problems) {
        super(problems.toString());
        this.problems = List.copyOf(problems);
    }

    InvalidSchemaException(String pointer, String reason) {
        this(List.of(new Problem(pointer, reason)));
    }

    /** All that is wrong with it, at least one. */
    public List<Problem> problems() {
        return problems;
    }
}
