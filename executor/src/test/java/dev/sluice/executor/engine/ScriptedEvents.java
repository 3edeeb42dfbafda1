package dev.sluice.executor.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.executor.expression.Arguments;
import dev.sluice.executor.journal.Hearing;
import dev.sluice.shared.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Events of one rehearsal, which outlive its interpreters as the database does. */
final class ScriptedEvents implements Subscriptions {

    private final List<HeardEvent> stored = new ArrayList<>();
    private final Map<UUID, Subscription> open = new HashMap<>();
    private final Set<UUID> consumed = new HashSet<>();
    private final Map<UUID, Set<UUID>> rejected = new HashMap<>();
    private Bell bell = new Bell();
    int opened;

    /** The bell of the next interpreter. */
    Bell bell() {
        bell = new Bell();
        return bell;
    }

    void ring() {
        bell.ring();
    }

    /** An event arrives; its envelope has this type and data. */
    void arrive(String type, String data) {
        UUID id = new UUID(0, stored.size() + 1L);
        JsonNode envelope = Json.object()
                .put("id", id.toString())
                .put("type", type)
                .put("source", "urn:test")
                .set("data", Json.read(data.getBytes(UTF_8)));
        stored.add(new HeardEvent(id, 0, envelope));
        bell.ring();
    }

    void consumed(Hearing hearing) {
        consumed.add(hearing.event());
        if (hearing.last()) {
            open.remove(hearing.subscription());
        }
    }

    /** Subscriptions nobody closed. */
    int left() {
        return open.size();
    }

    @Override
    public Mono<Boolean> open(Subscription subscription, boolean looked) {
        return Mono.fromSupplier(() -> {
            opened++;
            open.put(subscription.id(), subscription);
            return true;
        });
    }

    @Override
    public Mono<List<HeardEvent>> heard(UUID subscription) {
        return Mono.fromSupplier(() -> {
            Subscription wanted = open.get(subscription);
            return wanted == null
                    ? List.of()
                    : stored.stream()
                            .filter(event -> !consumed.contains(event.id())
                                    && !rejected.getOrDefault(subscription, Set.of())
                                            .contains(event.id()))
                            .flatMap(event -> match(wanted, event).stream())
                            .limit(64)
                            .toList();
        });
    }

    @Override
    public Mono<Void> reject(UUID subscription, List<UUID> events) {
        return Mono.fromRunnable(() ->
                rejected.computeIfAbsent(subscription, id -> new HashSet<>()).addAll(events));
    }

    @Override
    public Mono<Void> close(UUID subscription) {
        return Mono.fromRunnable(() -> open.remove(subscription));
    }

    private static List<HeardEvent> match(Subscription subscription, HeardEvent event) {
        return subscription.interests().stream()
                .filter(interest -> interest.filter().mismatch(event.envelope()).isEmpty())
                .filter(interest -> Keys.of(interest.expected()).equals(key(interest, event)))
                .limit(1)
                .map(interest -> new HeardEvent(event.id(), interest.position(), event.envelope()))
                .toList();
    }

    private static UUID key(Subscription.Interest interest, HeardEvent event) {
        return Keys.of(interest.filter().correlations().stream()
                .filter(correlation -> correlation.expect() != null)
                .map(correlation -> correlation.from().evaluate(event.envelope(), Arguments.NONE))
                .toList());
    }
}
