package dev.sluice.executor.secret;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.sluice.shared.crypto.Vault;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * Values that were opened within the last second; that there is none of a name is remembered as long. Who asks for what somebody
 * else is just reading waits for that. Of what does not fit, those that were used least recently leave. Thread-safe.
 */
final class OpenedSecrets {

    private static final Duration KEPT = Duration.ofSeconds(1);
    private static final long MOST_BYTES = 8L << 20;

    /** What each counts at least, so that there are no more than 8,192. */
    private static final int LEAST_BYTES = 1_024;

    private final SecretStore store;
    private final Vault vault;
    private final AsyncCache<Key, Opened> opened;

    OpenedSecrets(SecretStore store, Vault vault, Ticker ticker) {
        this.store = store;
        this.vault = vault;
        this.opened = Caffeine.newBuilder()
                .expireAfterWrite(KEPT)
                .maximumWeight(MOST_BYTES)
                .weigher((Key key, Opened value) -> Math.max(LEAST_BYTES, value.bytes()))
                .ticker(ticker)
                .executor(Runnable::run)
                .buildAsync();
    }

    private record Key(OrganizationId organization, String name) {}

    /** A value and the length of its text; without either there is none of that name. */
    private record Opened(Optional<JsonNode> value, int bytes) {

        static final Opened NONE = new Opened(Optional.empty(), 0);

        /** Without the value. */
        @Override
        public String toString() {
            return "Opened[]";
        }
    }

    Mono<Map<String, JsonNode>> of(OrganizationId organization, Set<String> names) {
        Set<Key> keys = names.stream().map(name -> new Key(organization, name)).collect(Collectors.toUnmodifiableSet());
        return Mono.fromFuture(
                        () -> opened.getAll(
                                keys,
                                (missing, executor) ->
                                        load(organization, Set.copyOf(missing)).toFuture()),
                        true)
                .map(OpenedSecrets::present);
    }

    /** Whoever asks from now on is answered by what is stored then, also while a former value is just being read. */
    void forget(OrganizationId organization, String name) {
        opened.synchronous().invalidate(new Key(organization, name));
    }

    private Mono<Map<Key, Opened>> load(OrganizationId organization, Set<Key> keys) {
        Set<String> names = keys.stream().map(Key::name).collect(Collectors.toUnmodifiableSet());
        return store.sealed(organization, names)
                .flatMapMany(Flux::fromIterable)
                .concatMap(row -> open(organization, row))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue)
                .map(found -> keys.stream()
                        .collect(Collectors.toUnmodifiableMap(
                                Function.identity(), key -> found.getOrDefault(key, Opened.NONE))));
    }

    private Mono<Map.Entry<Key, Opened>> open(OrganizationId organization, SecretStore.Sealed row) {
        return vault.open(organization, Secrets.PURPOSE, row.id(), row.bytes())
                .map(text -> Map.entry(
                        new Key(organization, row.name()), new Opened(Optional.of(Json.trusted(text)), text.length)));
    }

    private static Map<String, JsonNode> present(Map<Key, Opened> found) {
        Map<String, JsonNode> values = new HashMap<>();
        found.forEach((key, one) -> one.value().ifPresent(value -> values.put(key.name(), value)));
        return Map.copyOf(values);
    }
}
