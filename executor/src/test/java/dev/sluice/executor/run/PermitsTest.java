package dev.sluice.executor.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class PermitsTest {

    private static final OrganizationId A = new OrganizationId(new UUID(0, 1));
    private static final OrganizationId B = new OrganizationId(new UUID(0, 2));

    private final Permits permits = new Permits(10, organization -> organization.equals(A) ? 6 : 3);

    @Test
    void givesNoOrganizationMoreThanItsLimit() {
        assertThat(permits.take(10)).isEqualTo(10);
        assertThat(permits.assign(A, 8)).isEqualTo(6);
        assertThat(permits.assign(A, 1)).isZero();
        assertThat(permits.assign(B, 8)).isEqualTo(3);
        assertThat(permits.take(1)).isZero();
        permits.release(1);
        permits.release(A, 6);
        permits.release(B, 3);
        assertThat(permits.used()).isZero();
        assertThat(permits.assigned()).isEmpty();
        assertThat(permits.take(20)).isEqualTo(10);
    }

    @Test
    void leavesPermitsForSingleRunsWhenManyAreTakenAgainAndAgain() {
        assertThat(permits.takeSome(256)).isEqualTo(5);
        assertThat(permits.takeSome(2)).isEqualTo(2);
        assertThat(permits.takeSome(256)).isEqualTo(2);
        assertThat(permits.take(1)).isOne();
        assertThat(permits.takeSome(256)).isZero();
        permits.release(1);
        assertThat(permits.takeSome(256)).isOne();
    }

    @Test
    void refusesToTakeBackWhatItDidNotGive() {
        assertThat(permits.take(1)).isOne();
        assertThat(permits.assign(A, 1)).isOne();
        assertThatThrownBy(() -> permits.release(B, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> permits.release(2)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void callsNothingBackWhenItShrinks() {
        assertThat(permits.take(8)).isEqualTo(8);
        assertThat(permits.assign(A, 6)).isEqualTo(6);

        permits.limit(5);

        assertThat(permits.free()).isZero();
        assertThat(permits.take(1)).isZero();
        assertThat(permits.limit(A)).as("in proportion").isEqualTo(3);
        assertThat(permits.room(A)).isZero();
        permits.release(A, 4);
        assertThat(permits.take(9)).isOne();
        permits.limit(100);
        assertThat(permits.limit()).isEqualTo(10);
    }

    @Test
    void leavesEachOrganizationAtLeastOne() {
        permits.limit(1);
        assertThat(permits.limit(B)).isOne();
    }

    @Test
    void staysWithinItsLimitsUnderARace() {
        AtomicInteger most = new AtomicInteger();
        StepVerifier.create(Flux.range(0, 20_000)
                        .flatMap(
                                i -> Mono.fromRunnable(() -> takeAndGiveBack(i % 2 == 0 ? A : B, most))
                                        .subscribeOn(Schedulers.parallel()),
                                8))
                .expectComplete()
                .verify(Duration.ofSeconds(30));
        assertThat(most.get()).isBetween(1, 6);
        assertThat(permits.used()).isZero();
        assertThat(permits.assigned()).isEmpty();
    }

    private void takeAndGiveBack(OrganizationId organization, AtomicInteger most) {
        int taken = permits.take(4);
        int assigned = permits.assign(organization, taken);
        most.accumulateAndGet(permits.used(organization), Math::max);
        permits.release(organization, assigned);
        permits.release(taken - assigned);
    }
}
