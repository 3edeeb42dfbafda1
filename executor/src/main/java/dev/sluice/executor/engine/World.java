package dev.sluice.executor.engine;

import dev.sluice.shared.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** What one run has to do with outside of itself. */
public record World(
        Caller caller,
        Streamer streamer,
        Documents documents,
        Channels channels,
        Subscriptions subscriptions,
        Children children,
        Bell bell,
        SecretReader secrets) {

    /** A world in which each effect ends with an error. */
    public static World unreachable(Supplier<Throwable> error) {
        return new World(
                (call, invocation) -> Mono.just(() -> Mono.error(error)),
                (call, invocation) -> Mono.just(from -> Flux.error(error)),
                (organization, references, into) -> Mono.error(error),
                (channel, invocation, lastId) -> Flux.error(error),
                new Deaf(error),
                new Childless(error),
                new Bell(),
                (organization, names) -> Mono.just(placeholders(names)));
    }

    /** What secrets are does not matter where nothing goes out. */
    private static Map<String, JsonNode> placeholders(Set<String> names) {
        return names.stream().collect(Collectors.toMap(Function.identity(), _ -> Json.string(Scrubber.HIDDEN)));
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
