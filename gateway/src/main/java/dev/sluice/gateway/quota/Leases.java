package dev.sluice.gateway.quota;

import dev.sluice.shared.id.Ids;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The leases of one gateway: one for each organization, kind and day, as long as it is used. At most so many of a kind at once; a
 * further organization is told to come again. Thread-safe, does not block.
 */
final class Leases {

    private static final Duration SOON = Duration.ofSeconds(1);

    /** Walks without a use after which one is forgotten: a quarter of an hour. */
    private static final int IDLE_WALKS = 900;

    /** Walks for which what comes late is still told of a day that is over: longer than any request waits for its answer. */
    private static final int LATE_WALKS = 120;

    private final Map<Metered, Kind> kinds = new EnumMap<>(Metered.class);
    private final Queue<Ended> ended = new ConcurrentLinkedQueue<>();
    private final int maximum;
    private final Clock clock;

    Leases(int maximum, Clock clock) {
        this.maximum = maximum;
        this.clock = clock;
        for (Metered kind : Metered.values()) {
            kinds.put(kind, new Kind());
        }
    }

    /** Of one kind. */
    private static final class Kind {

        private final ConcurrentMap<OrganizationId, Lease> leases = new ConcurrentHashMap<>();
        private final AtomicInteger count = new AtomicInteger();
    }

    /** Of a day that is over. */
    private static final class Ended {

        private final Lease lease;
        private int walks;

        Ended(Lease lease) {
            this.lease = lease;
        }
    }

    /** Today's lease; {@code UNAVAILABLE} when there are too many. */
    Lease current(OrganizationId organization, Metered what) {
        Kind kind = kind(what);
        Lease lease = kind.leases.get(organization);
        long now = clock.millis();
        if (lease == null) {
            return add(kind, organization, what, now);
        }
        return lease.isOfAnotherDay(now) ? replace(kind, lease, now) : lease;
    }

    /** Today's lease, if there is one. */
    @Nullable
    Lease find(OrganizationId organization, Metered what) {
        Lease lease = kind(what).leases.get(organization);
        return lease == null || lease.isOfAnotherDay(clock.millis()) ? null : lease;
    }

    /** One that is used no more makes room for another one. */
    void forget(Lease lease) {
        Kind kind = kind(lease.kind());
        if (kind.leases.remove(lease.organization(), lease)) {
            int ignored = kind.count.decrementAndGet();
        }
    }

    /** All of an organization's, and all there are. */
    Stream<Lease> of(OrganizationId organization) {
        return kinds.values().stream()
                .map(kind -> kind.leases.get(organization))
                .filter(Objects::nonNull);
    }

    Stream<Lease> all() {
        return Stream.concat(
                kinds.values().stream().flatMap(kind -> kind.leases.values().stream()),
                ended.stream().map(over -> over.lease));
    }

    /** Whether nothing is taken of it any more. */
    boolean isOver(Lease lease) {
        return lease.isOfAnotherDay(clock.millis());
    }

    /** A second has passed; those that have something to tell. */
    Stream<Lease> walk() {
        long now = clock.millis();
        kinds.values()
                .forEach(kind -> kind.leases.values().forEach(lease -> {
                    if (lease.isOfAnotherDay(now)) {
                        end(kind, lease);
                    } else if (lease.retire(IDLE_WALKS)) {
                        forget(lease);
                    }
                }));
        boolean ignored = ended.removeIf(over -> over.walks++ > LATE_WALKS);
        return all().filter(Lease::walk);
    }

    /** How many there are. */
    int size() {
        return kinds.values().stream().mapToInt(kind -> kind.count.get()).sum();
    }

    private Lease add(Kind kind, OrganizationId organization, Metered what, long now) {
        if (kind.count.incrementAndGet() > maximum) {
            int ignored = kind.count.decrementAndGet();
            throw SluiceException.unavailable("Too many organizations are served here at once.", SOON, null);
        }
        Lease fresh = new Lease(Ids.next(), organization, what, Period.day(now));
        Lease present = kind.leases.putIfAbsent(organization, fresh);
        if (present == null) {
            return fresh;
        }
        int ignored = kind.count.decrementAndGet();
        return present;
    }

    private Lease replace(Kind kind, Lease former, long now) {
        Lease fresh = new Lease(Ids.next(), former.organization(), former.kind(), Period.day(now));
        if (kind.leases.replace(former.organization(), former, fresh)) {
            ended.add(new Ended(former));
            return fresh;
        }
        return current(former.organization(), former.kind());
    }

    private void end(Kind kind, Lease lease) {
        if (kind.leases.remove(lease.organization(), lease)) {
            int ignored = kind.count.decrementAndGet();
            ended.add(new Ended(lease));
        }
    }

    private Kind kind(Metered what) {
        return Objects.requireNonNull(kinds.get(what));
    }
}
