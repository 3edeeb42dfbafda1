package dev.sluice.executor.deployment;

import java.util.concurrent.atomic.AtomicReference;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Has work done one after the other, in the order in which it is subscribed to. Thread-safe. */
final class OneByOne {

    private final AtomicReference<Mono<Void>> last = new AtomicReference<>(Mono.empty());

    /** Work that begins when all before it has ended, however that ended. Who cancels while waiting gives the turn on. */
    <T> Mono<T> inTurn(Mono<T> work) {
        return Mono.defer(() -> {
            Sinks.Empty<Void> ended = Sinks.empty();
            Mono<Void> before = last.getAndSet(ended.asMono());
            return before.then(work).doFinally(end -> passOn(before, ended));
        });
    }

    /** Whoever comes next waits for those before this one, too, should this one be gone before its turn. */
    private static void passOn(Mono<Void> before, Sinks.Empty<Void> ended) {
        Disposable _ = before.doOnTerminate(() -> {
                    Sinks.EmitResult _ = ended.tryEmitEmpty();
                })
                .subscribe();
    }
}
