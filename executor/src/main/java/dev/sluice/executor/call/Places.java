package dev.sluice.executor.call;

import dev.sluice.executor.engine.CallFailure;
import dev.sluice.shared.tenancy.OrganizationId;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;

/** So many at once of something, and half of them for one organization: nobody else would have any. Thread-safe. */
public final class Places {

    private final int most;
    private final Map<OrganizationId, Integer> taken = new HashMap<>();
    private int all;

    /** So many on this node. */
    public Places(int most) {
        this.most = most;
    }

    /** The same while it has a place, which it gives back at its end; ends with the failure when there is none. */
    public <T> Flux<T> in(OrganizationId organization, Flux<T> work, Supplier<CallFailure> full) {
        return Flux.using(
                () -> {
                    if (!take(organization)) {
                        throw full.get();
                    }
                    return organization;
                },
                place -> work,
                this::leave);
    }

    private synchronized boolean take(OrganizationId organization) {
        int own = taken.getOrDefault(organization, 0);
        if (all >= most || own >= Math.max(1, most / 2)) {
            return false;
        }
        all++;
        taken.put(organization, own + 1);
        return true;
    }

    private synchronized void leave(OrganizationId organization) {
        all--;
        taken.computeIfPresent(organization, (id, own) -> own == 1 ? null : own - 1);
    }
}
