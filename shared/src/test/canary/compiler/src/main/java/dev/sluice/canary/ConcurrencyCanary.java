package dev.sluice.canary;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Does not say how many at once. */
final class ConcurrencyCanary {

    private ConcurrencyCanary() {}

    static Flux<Integer> lengths(Flux<String> words) {
        return words.flatMap(word -> Mono.just(word.length()));
    }
}
