package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.value.JqException;

/** Carries a consumer's error through the node whose output it consumed, which must not take it for an error of its own. */
final class Passing extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Owner owner;
    private final transient JqException error;

    private Passing(Owner owner, JqException error) {
        super(null, null, false, false);
        this.owner = owner;
        this.error = error;
    }

    /** Who packs and unpacks: one run of one node. */
    static final class Owner {

        Sink passing(Sink out) {
            return value -> {
                try {
                    return out.accept(value);
                } catch (JqException e) {
                    throw new Passing(this, e);
                }
            };
        }

        PathSink passing(PathSink out) {
            return (path, value) -> {
                try {
                    return out.accept(path, value);
                } catch (JqException e) {
                    throw new Passing(this, e);
                }
            };
        }

        /** The error itself, where this packed it. */
        RuntimeException unpacked(Passing passing) {
            return passing.owner == this ? passing.error : passing;
        }
    }
}
