package dev.sluice.shared.crypto;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;

/** Sealed bytes were changed, or belong to another row, purpose, organization or key; retrying never helps. */
public final class UnopenableException extends SluiceException {

    private static final long serialVersionUID = 1L;

    UnopenableException() {
        super(ProblemType.INTERNAL_ERROR, "A stored secret cannot be opened.");
    }
}
