package dev.sluice.executor.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

final class OneByOneTest {

    private final OneByOne oneByOne = new OneByOne();

    @Test
    void doesOneThingAtATimeInOrderWhateverBecomesOfThem() {
        AtomicInteger underWay = new AtomicInteger();
        List<Integer> begun = Collections.synchronizedList(new ArrayList<>());
        Flux<Integer> all = Flux.range(0, 50)
                .flatMap(
                        number -> oneByOne.inTurn(Mono.defer(() -> {
                                    assertThat(underWay.incrementAndGet()).isEqualTo(1);
                                    begun.add(number);
                                    return Mono.delay(Duration.ofMillis(1))
                                            .doOnNext(tick -> underWay.decrementAndGet())
                                            .flatMap(tick -> number % 7 == 0
                                                    ? Mono.error(new IllegalStateException("seven"))
                                                    : Mono.just(number));
                                }))
                                .onErrorReturn(IllegalStateException.class, -1),
                        50);

        StepVerifier.create(all).expectNextCount(50).expectComplete().verify(Duration.ofSeconds(10));
        assertThat(begun).hasSize(50).isSorted();
    }

    @Test
    void givesTheTurnOnWhenSomebodyGoesAway() {
        Sinks.Empty<Void> first = Sinks.empty();
        List<String> begun = new ArrayList<>();
        var one = oneByOne.inTurn(Mono.defer(() -> {
                    begun.add("one");
                    return first.asMono();
                }))
                .subscribe();
        var two = oneByOne.inTurn(Mono.fromRunnable(() -> begun.add("two"))).subscribe();
        var three = oneByOne.inTurn(Mono.fromRunnable(() -> begun.add("three"))).subscribe();
        two.dispose();

        assertThat(begun).containsExactly("one");
        assertThat(first.tryEmitEmpty()).isEqualTo(Sinks.EmitResult.OK);
        assertThat(begun).containsExactly("one", "three");
        assertThat(List.of(one, three)).allMatch(subscription -> subscription.isDisposed());
    }
}
