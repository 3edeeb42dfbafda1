package dev.sluice.executor.gathering;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;

/** Another version of a workflow became active while events were matched with this one: they must be matched again. */
public final class SupersededException extends SluiceException {

    private static final long serialVersionUID = 1L;

    SupersededException() {
        super(ProblemType.UNAVAILABLE, "Another version of the workflow became active meanwhile; try again.");
    }
}
