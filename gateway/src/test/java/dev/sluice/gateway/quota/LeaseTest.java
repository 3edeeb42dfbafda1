package dev.sluice.gateway.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.quota.Lease.Ask;
import dev.sluice.gateway.quota.Lease.Taken;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;
import reactor.test.util.RaceTestUtils;

final class LeaseTest {

    private static final LocalDate DAY = LocalDate.of(2031, 5, 31);

    private final Lease lease =
            new Lease(UUID.randomUUID(), new OrganizationId(UUID.randomUUID()), Metered.EVENTS, DAY);

    private void grant(long more) {
        Ask ask = lease.ask(false);
        lease.granted(ask, more, List.of(), 0);
    }

    private void walk(int times) {
        for (int i = 0; i < times; i++) {
            boolean ignored = lease.walk();
        }
    }

    @Test
    void takesWhatItWasGrantedAndNoMore() {
        assertThat(lease.take(0)).isEqualTo(Taken.WAIT);
        grant(2);
        assertThat(lease.take(0)).isEqualTo(Taken.YES);
        assertThat(lease.take(0)).isEqualTo(Taken.YES);
        assertThat(lease.take(0)).isEqualTo(Taken.WAIT);
        lease.giveBack();
        assertThat(lease.take(0)).isEqualTo(Taken.YES);
        assertThat(lease.spent()).isEqualTo(2);
    }

    @Test
    void letsNobodyAskAgainForASecondWhenThereWasTooLittle() {
        CompletableFuture<Void> turn = lease.await();
        Ask ask = lease.ask(false);
        assertThat(ask.needed()).isEqualTo(1);
        assertThat(turn).isNotDone();
        lease.granted(ask, 0, List.of(), 100);
        assertThat(turn).isCompleted();
        lease.leave();
        assertThat(lease.take(100)).isEqualTo(Taken.NONE_LEFT);
        assertThat(lease.isUsedUp(100)).isTrue();
        assertThat(lease.take(100 + Lease.PAUSE.toNanos())).isEqualTo(Taken.WAIT);
        lease.changed();
        assertThat(lease.take(100)).isEqualTo(Taken.WAIT);
    }

    @Test
    void tellsTheSameAgainAfterATurnOfWhichNobodyKnows() {
        grant(5);
        assertThat(lease.take(0)).isEqualTo(Taken.YES);
        lease.told(lease.ask(false));
        assertThat(lease.walk()).isFalse();
        CompletableFuture<Void> turn = lease.await();
        assertThat(lease.ask(false).needed()).isEqualTo(1);
        lease.failed(new IllegalStateException("away"));
        assertThat(turn).isCompletedExceptionally();
        lease.leave();
        assertThat(lease.walk()).as("there is something to tell").isTrue();
        assertThat(lease.ask(false).kept()).isEqualTo(5);
    }

    @Test
    void givesBackWhatItDoesNotUse() {
        grant(20);
        assertThat(lease.take(0)).isEqualTo(Taken.YES);
        walk(11);
        assertThat(lease.ask(false).kept()).isEqualTo(20);
        walk(1);
        Ask idle = lease.ask(false);
        assertThat(idle.kept()).isEqualTo(1);
        assertThat(idle.ahead()).isZero();
        lease.told(idle);
        assertThat(lease.take(0)).isEqualTo(Taken.WAIT);
    }

    @Test
    void countsWhatNothingBoundsAndStopsWhenThatMayBeOver() {
        Ask first = lease.ask(false);
        lease.unbounded(first);
        for (int i = 0; i < 100; i++) {
            assertThat(lease.take(0)).isEqualTo(Taken.YES);
        }
        assertThat(lease.walk()).isTrue();
        Ask told = lease.ask(false);
        assertThat(told.kept()).isEqualTo(100);
        assertThat(told.ahead()).isZero();
        lease.told(told);
        assertThat(lease.walk()).isFalse();

        lease.changed();
        assertThat(lease.take(0)).isEqualTo(Taken.WAIT);
        Ask asked = lease.ask(false);
        assertThat(asked.ahead()).isPositive();
        lease.granted(asked, 1, List.of(), 0);
        assertThat(lease.take(0)).isEqualTo(Taken.YES);
        assertThat(lease.take(0)).isEqualTo(Taken.WAIT);
        assertThat(lease.ask(false).kept()).isEqualTo(101);
    }

    @Test
    void isForgottenOnlyWhenAllIsTold() {
        grant(3);
        walk(20);
        assertThat(lease.retire(3)).as("it has something to give back").isFalse();
        lease.told(lease.ask(false));
        assertThat(lease.enqueue()).isTrue();
        assertThat(lease.isDue()).isTrue();
        assertThat(lease.retire(3)).isTrue();
        assertThat(lease.isDue()).as("it would tell that nothing was used").isFalse();
        assertThat(lease.take(0)).isEqualTo(Taken.RETIRED);
        lease.giveBack();
        assertThat(lease.retire(3)).isTrue();
    }

    /** Takers, and turns that give back all that is not used: nothing is used beyond what stays counted. */
    @Test
    void isNeverOverdrawnByARaceWithATurn() {
        for (int round = 0; round < 300; round++) {
            Lease racing = new Lease(UUID.randomUUID(), new OrganizationId(UUID.randomUUID()), Metered.RUNS, DAY);
            racing.granted(racing.ask(false), 10, List.of(), 0);
            AtomicInteger taken = new AtomicInteger();
            Runnable taker = () -> {
                for (int i = 0; i < 6; i++) {
                    if (racing.take(0) == Taken.YES) {
                        taken.incrementAndGet();
                    }
                }
            };
            Ask[] asked = new Ask[1];
            RaceTestUtils.race(Schedulers.boundedElastic(), taker, taker, () -> {
                racing.changed();
                asked[0] = racing.ask(false);
            });
            assertThat((long) taken.get()).isLessThanOrEqualTo(asked[0].kept());
            assertThat(racing.spent()).isEqualTo(taken.get());
        }
    }
}
