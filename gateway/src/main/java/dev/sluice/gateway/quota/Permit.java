package dev.sluice.gateway.quota;

import java.util.concurrent.atomic.AtomicBoolean;

/** One of what is counted, taken; used unless it is given back. Thread-safe. */
public final class Permit {

    private final Lease lease;
    private final AtomicBoolean givenBack = new AtomicBoolean();

    Permit(Lease lease) {
        this.lease = lease;
    }

    /** It was not used after all; once, however often that is said. */
    public void giveBack() {
        if (givenBack.compareAndSet(false, true)) {
            lease.giveBack();
        }
    }
}
