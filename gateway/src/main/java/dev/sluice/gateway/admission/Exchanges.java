package dev.sluice.gateway.admission;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import reactor.core.publisher.Mono;

/**
 * Bounds how many exchanges with executors one organization has under way on this node, however long each lasts, so that
 * its event streams leave room for those of others. Only organizations with an exchange under way are remembered.
 * Thread-safe, does not block.
 */
public final class Exchanges {

    private static final Duration SOON = Duration.ofSeconds(1);

    private final ConcurrentMap<OrganizationId, Integer> underWay = new ConcurrentHashMap<>();
    private final int maximum;

    /** At most so many for each organization. */
    public Exchanges(int maximum) {
        this.maximum = maximum;
    }

    /**
     * The exchange, if there is a place for it when it is subscribed to, else {@link ProblemType#RATE_LIMITED} at once.
     * The place is given back when the exchange ends, fails, or is cancelled.
     */
    public <T> Mono<T> within(OrganizationId organization, Mono<T> exchange) {
        return Mono.using(() -> enter(organization), entered -> exchange, this::leave);
    }

    /** Organizations with an exchange under way. */
    int size() {
        return underWay.size();
    }

    private OrganizationId enter(OrganizationId organization) {
        if (underWay.merge(organization, 1, Integer::sum) > maximum) {
            leave(organization);
            throw refused();
        }
        return organization;
    }

    private void leave(OrganizationId organization) {
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
