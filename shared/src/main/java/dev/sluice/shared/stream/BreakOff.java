package dev.sluice.shared.stream;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Ends streams from outside. {@link Flux#takeUntilOther} alone does not cancel its source when the other side fails, which then goes on
 * with what nobody waits for any more: a request that is sent after all, a body that is read by nobody.
 */
public final class BreakOff {

    private BreakOff() {}

    /**
     * The source, which is cancelled as soon as the other side ends, and then ends as that did. The other side is cancelled when the source
     * ends, or the subscription is.
     *
     * @param over an error breaks the source off, an end ends it; what it gives before counts as its end
     */
    public static <T> Flux<T> when(Flux<T> source, Mono<?> over) {
        return Flux.defer(() -> {
            AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
            Mono<?> ended = over.onErrorComplete(error -> {
                failure.set(error);
                return true;
            });
            return source.takeUntilOther(ended).concatWith(Mono.defer(() -> {
                Throwable reason = failure.get();
                return reason == null ? Mono.empty() : Mono.error(reason);
            }));
        });
    }
}
