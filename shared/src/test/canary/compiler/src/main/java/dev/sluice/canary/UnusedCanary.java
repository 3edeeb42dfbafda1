package dev.sluice.canary;

import reactor.core.publisher.Mono;

/** Assembles a publisher that nobody will ever subscribe to. */
final class UnusedCanary {

    private UnusedCanary() {}

    static void forget() {
        Mono.just("never happens").map(String::length);
    }
}
