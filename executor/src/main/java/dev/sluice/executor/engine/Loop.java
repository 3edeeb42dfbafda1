package dev.sluice.executor.engine;

import java.util.function.Function;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;

/** Repetition without recursion: neither the stack nor memory grows with the number of turns. */
final class Loop {

    private Loop() {}

    /** Steps from state to state until one is last, and emits that. Cancelling cancels the step under way. */
    static <S> Mono<S> until(Predicate<S> last, S first, Function<S, Mono<S>> step) {
        return Mono.just(first)
                .expand(state -> last.test(state) ? Mono.empty() : step.apply(state))
                .last();
    }
}
