package dev.sluice.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.util.RaceTestUtils;

final class ExchangesTest {

    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final OrganizationId ONE = new OrganizationId(new UUID(0, 1));
    private static final OrganizationId OTHER = new OrganizationId(new UUID(0, 2));

    private final Exchanges exchanges = new Exchanges(2, 3);

    @Test
    void refusesOneOrganizationAtItsBoundAndNoOther() {
        Disposable first = stream(ONE);
        Disposable second = stream(ONE);
        exchanges
                .within(ONE, Mono.error(new AssertionError("subscribed to")))
                .as(StepVerifier::create)
                .expectErrorSatisfies(error -> {
                    assertThat(error).isInstanceOfSatisfying(SluiceException.class, problem -> {
                        assertThat(problem.type()).isEqualTo(ProblemType.RATE_LIMITED);
                        assertThat(problem.retryAfter()).isEqualTo(Duration.ofSeconds(1));
                    });
                })
                .verify(DEADLINE);
        expectRoom(OTHER);
        first.dispose();
        second.dispose();
    }

    @Test
    void refusesEverybodyWhenAllPlacesAreTaken() {
        Disposable first = stream(ONE);
        Disposable second = stream(ONE);
        Disposable third = stream(OTHER);
        exchanges
                .within(OTHER, Mono.error(new AssertionError("subscribed to")))
                .as(StepVerifier::create)
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(
                                SluiceException.class,
                                problem -> assertThat(problem.type()).isEqualTo(ProblemType.UNAVAILABLE)))
                .verify(DEADLINE);
        first.dispose();
        expectRoom(OTHER);
        second.dispose();
        third.dispose();
        assertThat(exchanges.size()).isZero();
    }

    @Test
    void givesThePlaceBackOnCompletionErrorAndCancellation() {
        for (int i = 0; i < 5; i++) {
            expectRoom(ONE);
            exchanges
                    .within(ONE, Mono.error(new IllegalStateException("broken")))
                    .as(StepVerifier::create)
                    .expectErrorMessage("broken")
                    .verify(DEADLINE);
            stream(ONE).dispose();
        }
        assertThat(exchanges.size()).isZero();
    }

    @Test
    void takesNoPlaceBeforeItIsSubscribedTo() {
        Mono<String> exchange = exchanges.within(ONE, Mono.just("x"));
        assertThat(exchanges.size()).isZero();
        for (int i = 0; i < 5; i++) {
            exchange.as(StepVerifier::create).expectNext("x").expectComplete().verify(DEADLINE);
        }
    }

    @Test
    void givesThePlaceBackOnceWhenCancellationRacesWithTheEnd() {
        Disposable held = stream(ONE);
        for (int i = 0; i < 500; i++) {
            Sinks.Empty<Void> end = Sinks.empty();
            Disposable racing = exchanges.within(ONE, end.asMono()).subscribe();
            RaceTestUtils.race(
                    Schedulers.boundedElastic(),
                    racing::dispose,
                    () -> end.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST));
            assertThat(exchanges.size()).as("the place of the other stream").isEqualTo(1);
            expectRoom(ONE);
        }
        held.dispose();
        assertThat(exchanges.size()).isZero();
    }

    private Disposable stream(OrganizationId organization) {
        return exchanges.within(organization, Mono.never()).subscribe();
    }

    private void expectRoom(OrganizationId organization) {
        exchanges
                .within(organization, Mono.just("room"))
                .as(StepVerifier::create)
                .expectNext("room")
                .expectComplete()
                .verify(DEADLINE);
    }
}
