package dev.sluice.executor.expression.syntax;

import java.util.List;
import java.util.stream.Collectors;

/** A program that cannot be compiled, with all that was found wrong with it. */
public final class CompileException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /** At least one problem. */
    public CompileException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("; ")), null, false, false);
        this.problems = List.copyOf(problems);
    }

    /** In the order of their places. */
    public List<Problem> problems() {
        return problems;
    }
}
