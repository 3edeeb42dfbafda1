package dev.sluice.executor.engine;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.shared.json.Json;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** A run under way that consumes messages of a channel. */
final class SubscribedRun {

    /** Consumes two messages. */
    static final String TWO = tasks("consume: { amount: 2 }");

    final Rehearsal rehearsal;
    private final Mono<JsonNode> result;
    private final Disposable subscription;

    SubscribedRun(Rehearsal rehearsal) {
        this.rehearsal = rehearsal;
        this.result = rehearsal.run().cache();
        this.subscription = result.subscribe(value -> {}, error -> {});
        rehearsal.time.advanceTimeBy(Duration.ofMillis(1));
    }

    /** Tasks that subscribe so and show what they got. */
    static String tasks(String subscription) {
        return "do:\n  - hear: " + call(subscription) + "\n  - show: { set: { got: \"${ . }\" } }\n";
    }

    /** A task that subscribes so. */
    static String call(String subscription) {
        return "{ call: asyncapi, with: { document: { endpoint: \"https://docs.example/channels.json\" }, operation: hear,"
                + " subscription: { " + subscription + " } } }";
    }

    boolean runs() {
        return !subscription.isDisposed();
    }

    @CanIgnoreReturnValue
    SubscribedRun send(String payload) {
        return send(payload, null);
    }

    @CanIgnoreReturnValue
    SubscribedRun send(String payload, @Nullable String id) {
        rehearsal.channels.send(payload, id);
        rehearsal.time.advanceTimeBy(Duration.ofMillis(1));
        return this;
    }

    /** What it came to; its end must be near. */
    String output() {
        return Json.text(Objects.requireNonNull(result.block(Duration.ofSeconds(5))));
    }
}
