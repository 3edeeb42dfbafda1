package dev.sluice.shared.service;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * The answers that last as long as their client likes. When the service begins to stop, each ends without an error, so
 * that its client goes on with another node at once; ordinary answers have the web server's time to finish.
 * Thread-safe.
 */
public final class OpenStreams implements SmartLifecycle {

    private final Set<Sinks.Empty<Void>> ends = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;
    private volatile boolean running;

    /** The stream, which completes early when the service begins to stop, and at once when it has begun already. */
    public <T> Flux<T> track(Flux<T> stream) {
        return Flux.using(this::open, end -> stream.takeUntilOther(end.asMono()), ends::remove);
    }

    private Sinks.Empty<Void> open() {
        Sinks.Empty<Void> end = Sinks.empty();
        ends.add(end);
        if (stopping) {
            end(end);
        }
        return end;
    }

    @Override
    public void start() {
        stopping = false;
        running = true;
    }

    @Override
    public void stop() {
        stopping = true;
        ends.forEach(OpenStreams::end);
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** That of the web server's graceful shutdown, which waits for what is still open: readiness is down by then. */
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE - 1024;
    }

    private static void end(Sinks.Empty<Void> end) {
        // Opening and stopping may both end it, at the same time: a busy loop lets the first finish.
        end.emitEmpty((signal, result) -> result == Sinks.EmitResult.FAIL_NON_SERIALIZED);
    }
}
