package dev.sluice.gateway.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.quota.Lease.Ask;
import dev.sluice.gateway.quota.Lease.Taken;
import dev.sluice.gateway.quota.LeaseStore.Answer;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Turns in virtual time, with a scripted PostgreSQL. */
final class LedgerTest {

    private static final int MOST = 1000;

    private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
    private final SettableClock clock = new SettableClock("2031-05-31T12:00:00Z");
    private final Leases leases = new Leases(MOST, clock);
    private final Counter failures = new SimpleMeterRegistry().counter("failures");
    private final List<List<Ask>> turns = new ArrayList<>();
    private Function<List<Ask>, Mono<Map<UUID, Answer>>> postgres = LedgerTest::grantNeeded;
    private final Ledger ledger = new Ledger(leases, this::settle, failures, this::nanos, time);

    @AfterEach
    void end() {
        ledger.dispose();
        VirtualTimeScheduler.reset();
    }

    private Mono<Map<UUID, Answer>> settle(List<Ask> asks) {
        return Mono.defer(() -> {
            turns.add(asks);
            return postgres.apply(asks);
        });
    }

    private long nanos() {
        return time.now(TimeUnit.NANOSECONDS);
    }

    private static Mono<Map<UUID, Answer>> grantNeeded(List<Ask> asks) {
        return Mono.just(asks.stream()
                .collect(Collectors.toUnmodifiableMap(ask -> ask.lease().id(), LedgerTest::needed)));
    }

    private static Answer needed(Ask ask) {
        return ask.needed() + ask.ahead() > 0 ? new Answer(ask.needed(), "[]") : new Answer(0L, null);
    }

    private Lease lease() {
        return leases.current(new OrganizationId(UUID.randomUUID()), Metered.EVENTS);
    }

    private CompletableFuture<Void> await(Lease lease) {
        CompletableFuture<Void> turn = lease.await();
        ledger.hurry(lease);
        return turn;
    }

    @Test
    void settlesManyWhoWaitInOneTurn() {
        List<Lease> waiting = Stream.generate(this::lease).limit(50).toList();
        List<CompletableFuture<Void>> over = waiting.stream().map(this::await).toList();
        time.advanceTimeBy(Duration.ofMillis(20));
        assertThat(over).allMatch(CompletableFuture::isDone);
        // The first one did not wait for the others.
        assertThat(turns).hasSizeLessThanOrEqualTo(2);
        waiting.forEach(lease -> assertThat(lease.take(nanos())).isEqualTo(Taken.YES));
    }

    @Test
    void tellsThoseWhoWaitWhenItFailsAndAsksAnewAfterwards() {
        postgres = asks -> Mono.error(new IllegalStateException("away"));
        Lease lease = lease();
        CompletableFuture<Void> turn = await(lease);
        time.advanceTimeBy(Duration.ofMillis(20));
        assertThat(turn).isCompletedExceptionally();
        assertThat(failures.count()).isEqualTo(1);
        assertThat(lease.take(nanos())).isEqualTo(Taken.WAIT);

        postgres = LedgerTest::grantNeeded;
        CompletableFuture<Void> next = await(lease);
        time.advanceTimeBy(Duration.ofMillis(20));
        assertThat(next).isCompletedWithValue(null);
        assertThat(lease.take(nanos())).isEqualTo(Taken.YES);
    }

    @Test
    void givesUpATurnThatHangs() {
        postgres = asks -> Mono.never();
        CompletableFuture<Void> turn = await(lease());
        time.advanceTimeBy(Duration.ofSeconds(4));
        assertThat(turn).isNotDone();
        time.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(turn).isCompletedExceptionally();
    }

    /** Others do not wait until a change of a plan has come round to everybody. */
    @Test
    void prefersThoseThatSomebodyWaitsFor() {
        List<Lease> many = Stream.generate(this::lease).limit(MOST - 1).toList();
        many.forEach(lease -> lease.unbounded(lease.ask(false)));
        ledger.changedForAll();
        Lease waiting = lease();
        Set<Lease> had = turns.stream().flatMap(List::stream).map(Ask::lease).collect(Collectors.toUnmodifiableSet());
        assertThat(had).hasSizeLessThan(MOST / 2);
        assertThat(many.stream().filter(lease -> !had.contains(lease)))
                .as("those go on as before until their turn")
                .allMatch(lease -> lease.take(nanos()) == Taken.YES);
        time.advanceTimeBy(Duration.ofMillis(1));
        CompletableFuture<Void> turn = await(waiting);
        time.advanceTimeBy(Duration.ofMillis(10));
        assertThat(turn).isCompleted();
        assertThat(turns.stream().mapToInt(List::size).sum()).isLessThan(MOST);

        time.advanceTimeBy(Duration.ofMillis(100));
        assertThat(turns.stream().flatMap(List::stream).map(Ask::lease)).containsAll(many);
        assertThat(many.getFirst().take(nanos())).as("bounded now").isEqualTo(Taken.WAIT);
    }

    @Test
    void tellsWithinASecondWhatWasUsedAndNothingWhenNothingWas() {
        Lease lease = lease();
        lease.unbounded(lease.ask(false));
        for (int i = 0; i < 7; i++) {
            assertThat(lease.take(nanos())).isEqualTo(Taken.YES);
        }
        time.advanceTimeBy(Duration.ofMillis(2100));
        assertThat(turns).hasSize(1);
        assertThat(turns.getFirst().getFirst().kept()).isEqualTo(7);
        time.advanceTimeBy(Duration.ofSeconds(10));
        assertThat(turns).hasSize(1);
    }

    @Test
    void tellsOfADayThatIsOverAndBeginsAnother() {
        Lease lease = lease();
        lease.unbounded(lease.ask(false));
        assertThat(lease.take(nanos())).isEqualTo(Taken.YES);
        assertThat(lease.take(nanos())).isEqualTo(Taken.YES);
        clock.set("2031-06-01T00:00:00Z");
        Lease next = leases.current(lease.organization(), Metered.EVENTS);
        assertThat(next).isNotSameAs(lease);
        assertThat(next.take(nanos())).isEqualTo(Taken.WAIT);
        lease.giveBack();
        time.advanceTimeBy(Duration.ofMillis(2100));
        Ask told = turns.getFirst().getFirst();
        assertThat(told.lease()).isSameAs(lease);
        assertThat(told.kept()).isEqualTo(1);
        lease.giveBack();
        time.advanceTimeBy(Duration.ofMillis(2100));
        assertThat(turns.getLast().getLast().kept()).isZero();
    }

    @Test
    void forgetsWhoIsNotThereAnyMoreAndRefusesOneTooMany() {
        List<Lease> all = Stream.generate(this::lease).limit(MOST).toList();
        all.forEach(one -> one.unbounded(one.ask(false)));
        assertThatThrownBy(this::lease)
                .isInstanceOfSatisfying(
                        SluiceException.class,
                        problem -> assertThat(problem.type()).isEqualTo(ProblemType.UNAVAILABLE));
        assertThat(leases.current(all.getFirst().organization(), Metered.EVENTS))
                .isSameAs(all.getFirst());
        time.advanceTimeBy(Duration.ofMinutes(14));
        assertThat(leases.size()).isEqualTo(MOST);
        time.advanceTimeBy(Duration.ofMinutes(2));
        assertThat(leases.size()).isZero();
        assertThat(all.getFirst().take(nanos())).isEqualTo(Taken.RETIRED);
        assertThat(lease().take(nanos())).isEqualTo(Taken.WAIT);
    }
}
