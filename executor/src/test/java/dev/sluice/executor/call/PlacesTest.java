package dev.sluice.executor.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.engine.CallFailure;
import dev.sluice.executor.engine.ErrorType;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

final class PlacesTest {

    private static final OrganizationId ONE = new OrganizationId(Ids.next());
    private static final OrganizationId OTHER = new OrganizationId(Ids.next());

    private final Places places = new Places(4);

    @Test
    void areHalfForOneOrganizationAndAsManyAsThereAreForAll() {
        List<Disposable> held = new ArrayList<>(List.of(hold(ONE), hold(ONE)));
        assertThat(isFull(ONE)).isTrue();
        held.add(hold(OTHER));
        held.add(hold(OTHER));
        assertThat(isFull(OTHER)).isTrue();
        assertThat(isFull(new OrganizationId(Ids.next()))).as("all are taken").isTrue();

        held.getFirst().dispose();
        assertThat(isFull(ONE)).as("one was given back").isFalse();
        held.forEach(Disposable::dispose);
        for (int i = 0; i < 100; i++) {
            assertThat(isFull(ONE)).as("given back at each end").isFalse();
        }
    }

    private Disposable hold(OrganizationId organization) {
        Disposable held = in(organization, Flux.never()).subscribe();
        assertThat(held.isDisposed()).isFalse();
        return held;
    }

    private boolean isFull(OrganizationId organization) {
        List<Throwable> errors = new ArrayList<>();
        StepVerifier.create(in(organization, Flux.just(1)).onErrorResume(error -> {
                    errors.add(error);
                    return Flux.empty();
                }))
                .thenConsumeWhile(item -> true)
                .expectComplete()
                .verify(Duration.ofSeconds(1));
        assertThat(errors).hasSizeLessThan(2).allMatch(CallFailure.class::isInstance);
        return !errors.isEmpty();
    }

    private Flux<Integer> in(OrganizationId organization, Flux<Integer> work) {
        return places.in(organization, work, () -> new CallFailure(ErrorType.COMMUNICATION.at("/do/0/a", "full")));
    }
}
