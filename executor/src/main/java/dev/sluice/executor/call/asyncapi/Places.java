package dev.sluice.executor.call.asyncapi;

import dev.sluice.executor.engine.CallFailure;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;

/** So many at once of something, and no more. Thread-safe. */
final class Places {

    private final int most;
    private final AtomicInteger taken = new AtomicInteger();

    Places(int most) {
        this.most = most;
    }

    /** The same while it has a place, which it gives back at its end; ends with the failure when there is none. */
    <T> Flux<T> in(Flux<T> work, Supplier<CallFailure> full) {
        return Flux.using(
                () -> {
                    if (taken.incrementAndGet() > most) {
                        taken.decrementAndGet();
                        throw full.get();
                    }
                    return taken;
                },
                place -> work,
                AtomicInteger::decrementAndGet);
    }
}
