package dev.sluice.gateway.admission;

import dev.sluice.shared.pressure.Bound;
import dev.sluice.shared.pressure.PressureSource;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Bounds how many exchanges with executors are under way on this node, however long each lasts: of one organization, so
 * that its event streams leave room for those of others, and of all. Only organizations with an exchange under way are
 * remembered. Thread-safe, does not block.
 */
public final class Exchanges {

    private static final Duration SOON = Duration.ofSeconds(1);

    private final ConcurrentMap<OrganizationId, Integer> underWay = new ConcurrentHashMap<>();
    private final AtomicInteger all = new AtomicInteger();
    private final int maximum;
    private final int capacity;

    /**
     * @param maximum  for each organization
     * @param capacity for all of them together
     */
    public Exchanges(int maximum, int capacity) {
        this.maximum = maximum;
        this.capacity = capacity;
    }

    /**
     * The exchange, if there is a place for it when it is subscribed to, else at once {@link ProblemType#RATE_LIMITED}
     * when the organization has its share, {@link ProblemType#UNAVAILABLE} when nobody has room. The place is given back
     * when the exchange ends, fails, or is cancelled.
     */
    public <T> Mono<T> within(OrganizationId organization, Mono<T> exchange) {
        return Mono.using(() -> enter(organization), entered -> exchange, this::leave);
    }

    /** The same for an exchange that streams. */
    public <T> Flux<T> during(OrganizationId organization, Flux<T> exchange) {
        return Flux.using(() -> enter(organization), entered -> exchange, this::leave);
    }

    /** Exchanges under way: of one organization, or of all. */
    public PressureSource pressure() {
        return viewer -> Mono.fromSupplier(() -> List.of(
                viewer.scope() == Principal.Scope.PLATFORM
                        ? Bound.refusing("exchanges", capacity, all.get())
                        : Bound.refusing(
                                "exchanges.organization", maximum, underWay.getOrDefault(viewer.organization(), 0))));
    }

    /** Organizations with an exchange under way. */
    int size() {
        return underWay.size();
    }

    private OrganizationId enter(OrganizationId organization) {
        int together = all.incrementAndGet();
        int own = underWay.merge(organization, 1, Integer::sum);
        if (own > maximum || together > capacity) {
            leave(organization);
            throw own > maximum
                    ? refused()
                    : SluiceException.unavailable("All connections to the executors are in use.", SOON, null);
        }
        return organization;
    }

    private void leave(OrganizationId organization) {
        all.decrementAndGet();
        underWay.computeIfPresent(organization, (key, count) -> count == 1 ? null : count - 1);
    }

    private SluiceException refused() {
        return new SluiceException(
                ProblemType.RATE_LIMITED,
                "This organization has " + maximum + " exchanges under way, counting event streams and waiting"
                        + " requests; end some of them first.",
                List.of(),
                Map.of(),
                SOON,
                null);
    }
}
