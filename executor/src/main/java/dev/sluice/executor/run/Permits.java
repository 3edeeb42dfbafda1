package dev.sluice.executor.run;

import dev.sluice.shared.tenancy.OrganizationId;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;

/**
 * Permits for runs in memory, of the node as a whole and of each organization. A permit is taken from the whole first and
 * then assigned to an organization, and goes back in the same two parts.
 *
 * <p>The whole may be made smaller than its maximum while permits are out; nothing is called back, and none is given out
 * until enough have come back. An organization's limit shrinks in proportion, so that one alone never has all.
 * Thread-safe.
 */
final class Permits {

    private final int max;
    private final ToIntFunction<OrganizationId> shares;
    private final AtomicInteger used = new AtomicInteger();
    private final Map<OrganizationId, Integer> assigned = new ConcurrentHashMap<>();
    private volatile int limit;

    /**
     * All free.
     *
     * @param shares the limit of an organization while the whole has its maximum
     */
    Permits(int max, ToIntFunction<OrganizationId> shares) {
        if (max < 1) {
            throw new IllegalArgumentException("max: " + max + " (expected: > 0)");
        }
        this.max = max;
        this.limit = max;
        this.shares = shares;
    }

    /** Takes up to {@code wanted} for no organization yet; the number taken. */
    int take(int wanted) {
        int before = used.getAndUpdate(out -> out + available(out, wanted));
        return available(before, wanted);
    }

    /**
     * The same, but no more than half of those that are free, rounded up: who takes many at a time, again and again, leaves
     * some for who comes meanwhile with one run.
     */
    int takeSome(int wanted) {
        int before = used.getAndUpdate(out -> out + some(out, wanted));
        return some(before, wanted);
    }

    private int some(int out, int wanted) {
        return Math.min(wanted, (available(out, max) + 1) / 2);
    }

    private int available(int out, int wanted) {
        return Math.max(0, Math.min(wanted, limit - out));
    }

    /** Gives up to {@code wanted} of those taken to an organization; the number it had room for. */
    int assign(OrganizationId organization, int wanted) {
        int most = limit(organization);
        int[] given = {0};
        assigned.compute(organization, (id, count) -> {
            int now = count == null ? 0 : count;
            given[0] = Math.max(0, Math.min(wanted, most - now));
            return now + given[0] == 0 ? null : now + given[0];
        });
        return given[0];
    }

    /** Puts back permits that no organization has. */
    void release(int count) {
        int now = used.addAndGet(-count);
        if (now < 0) {
            throw new IllegalStateException("permits out: " + now + " (expected: >= 0)");
        }
    }

    /** Puts back permits of an organization. */
    void release(OrganizationId organization, int count) {
        assigned.compute(organization, (id, held) -> {
            int now = (held == null ? 0 : held) - count;
            if (now < 0) {
                throw new IllegalStateException("permits of " + id + ": " + now + " (expected: >= 0)");
            }
            return now == 0 ? null : now;
        });
        release(count);
    }

    /** Changes the whole, within 1 and its maximum. */
    void limit(int wanted) {
        limit = Math.clamp(wanted, 1, max);
    }

    int limit() {
        return limit;
    }

    int max() {
        return max;
    }

    int used() {
        return used.get();
    }

    int free() {
        return Math.max(0, limit - used.get());
    }

    /** What an organization may have now. */
    int limit(OrganizationId organization) {
        return scaled(shares.applyAsInt(organization));
    }

    /** The limit of an organization, in proportion to what the whole has become. */
    int scaled(int full) {
        return (int) Math.max(1, (long) Math.min(full, max) * limit / max);
    }

    /** What an organization has. */
    int used(OrganizationId organization) {
        return assigned.getOrDefault(organization, 0);
    }

    /** What an organization could have besides, were the whole free. */
    int room(OrganizationId organization) {
        return Math.max(0, limit(organization) - used(organization));
    }

    /** Organizations that have any, with how many; a view that is right for each by itself. */
    Map<OrganizationId, Integer> assigned() {
        return Collections.unmodifiableMap(assigned);
    }
}
