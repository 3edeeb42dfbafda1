package dev.sluice.executor.engine;

import java.util.List;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** The events that one run listens to. Its {@link Bell} is rung when there may be more. Thread-safe. */
public interface Subscriptions {

    /**
     * Begins to listen, and finds the events that came since the run began and that it has not consumed. Completes when
     * both are committed; changes nothing when both were done before.
     *
     * @param looked whether what came before has been found already, unless the subscription itself is gone
     * @return false when the organization's runs listen with more different filters than there may be
     */
    Mono<Boolean> open(Subscription subscription, boolean looked);

    /** The oldest events heard that are neither consumed nor rejected; an empty list when there are none. */
    Mono<List<HeardEvent>> heard(UUID subscription);

    /** Lets go of events that a subscription heard and will not consume. */
    Mono<Void> reject(UUID subscription, List<UUID> events);

    /** Hears no more. */
    Mono<Void> close(UUID subscription);
}
