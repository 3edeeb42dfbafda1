package dev.sluice.executor.script;

import dev.sluice.shared.tenancy.OrganizationId;
import java.util.HashMap;
import java.util.Map;

/** Counts what the scripts that wait were given: so much at most, and half of that of one organization. Thread-safe. */
final class WaitingBytes {

    private final long most;
    private final Map<OrganizationId, Long> byOrganization = new HashMap<>();
    private long total;

    /** At most so many bytes. */
    WaitingBytes(long most) {
        this.most = most;
    }

    /** Whether there is room for so many; who was told so gives them back, once. */
    synchronized boolean take(OrganizationId whose, long bytes) {
        long own = byOrganization.getOrDefault(whose, 0L) + bytes;
        if (total + bytes > most || own > most / 2) {
            return false;
        }
        total += bytes;
        byOrganization.put(whose, own);
        return true;
    }

    /** Gives back what was taken. */
    synchronized void release(OrganizationId whose, long bytes) {
        total -= bytes;
        long own = byOrganization.getOrDefault(whose, 0L) - bytes;
        if (own > 0) {
            byOrganization.put(whose, own);
        } else {
            byOrganization.remove(whose);
        }
    }
}
