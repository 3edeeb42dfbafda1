package dev.sluice.executor.engine;

/** A workflow uses a secret that its organization does not have (DSL, "Secret"). */
public final class UnknownSecretException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnknownSecretException(String name) {
        super("The organization has no secret '" + name + "'.", null, false, false);
    }
}
