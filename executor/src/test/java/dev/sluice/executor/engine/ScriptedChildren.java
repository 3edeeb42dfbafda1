package dev.sluice.executor.engine;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** The runs that one rehearsal starts. */
final class ScriptedChildren implements Children {

    final Map<UUID, Child> started = new LinkedHashMap<>();
    private final Map<UUID, End> ends = new HashMap<>();
    private final Runnable ring;
    boolean known = true;

    ScriptedChildren(Runnable ring) {
        this.ring = ring;
    }

    /** The one that was started last ends. */
    void end(End end) {
        ends.put(Objects.requireNonNull(started.keySet().stream().reduce(null, (one, other) -> other)), end);
        ring.run();
    }

    @Override
    public Mono<Boolean> start(Child child) {
        return Mono.fromSupplier(() -> {
            started.putIfAbsent(child.id(), child);
            return known;
        });
    }

    @Override
    public Mono<End> end(UUID child) {
        return Mono.fromSupplier(() -> ends.get(child));
    }
}
