package dev.sluice.executor.engine;

import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** What one run has to do with outside of itself. */
public record World(
        HttpCaller caller, Subscriptions subscriptions, Children children, Bell bell, SecretReader secrets) {

    /** A world in which each effect ends with an error. */
    static World unreachable(Supplier<Throwable> error) {
        return new World(
                (call, invocation) -> Mono.just(() -> Mono.error(error)),
                new Deaf(error),
                new Childless(error),
                new Bell(),
                (organization, names) -> Mono.error(error));
    }

    private record Deaf(Supplier<Throwable> error) implements Subscriptions {

        @Override
        public Mono<Boolean> open(Subscription subscription, boolean looked) {
            return Mono.error(error);
        }

        @Override
        public Mono<List<HeardEvent>> heard(UUID subscription) {
            return Mono.error(error);
        }

        @Override
        public Mono<Void> reject(UUID subscription, List<UUID> events) {
            return Mono.error(error);
        }

        @Override
        public Mono<Void> close(UUID subscription) {
            return Mono.error(error);
        }
    }

    private record Childless(Supplier<Throwable> error) implements Children {

        @Override
        public Mono<Boolean> start(Child child) {
            return Mono.error(error);
        }

        @Override
        public Mono<End> end(UUID child) {
            return Mono.error(error);
        }
    }
}
