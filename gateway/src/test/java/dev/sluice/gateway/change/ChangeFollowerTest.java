package dev.sluice.gateway.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

final class ChangeFollowerTest {

    private static final Duration PERIOD = ChangeFollower.PERIOD;

    private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
    private final List<Change> told = new ArrayList<>();
    private final List<Duration> asked = new ArrayList<>();
    private Mono<List<Changes.Found>> answer = Mono.just(List.of());

    private final ChangeFollower follower = new ChangeFollower(
            age -> {
                asked.add(age);
                return answer;
            },
            told::add,
            () -> time.now(TimeUnit.NANOSECONDS),
            time);

    @AfterEach
    void end() {
        follower.dispose();
        VirtualTimeScheduler.reset();
    }

    @Test
    void tellsEachChangeOnce() {
        Changes.Found first = found();
        answer = Mono.just(List.of(first));
        time.advanceTimeBy(PERIOD.multipliedBy(3));
        Changes.Found second = found();
        answer = Mono.just(List.of(first, second));
        time.advanceTimeBy(PERIOD.multipliedBy(3));

        assertThat(told)
                .containsExactly(first.change().orElseThrow(), second.change().orElseThrow());
        assertThat(asked).last().isEqualTo(ChangeFollower.OVERLAP.plus(PERIOD));
    }

    @Test
    void asksForAllThatHappenedDuringAnOutage() {
        answer = Mono.error(new IllegalStateException("away"));
        time.advanceTimeBy(Duration.ofMinutes(10));
        Changes.Found missed = found();
        answer = Mono.just(List.of(missed));
        time.advanceTimeBy(PERIOD);

        assertThat(told).containsExactly(missed.change().orElseThrow());
        assertThat(asked)
                .last()
                .isEqualTo(ChangeFollower.OVERLAP.plusMinutes(10).plus(PERIOD));
    }

    @Test
    void goesOnAfterALookThatHangs() {
        answer = Mono.never();
        time.advanceTimeBy(Duration.ofSeconds(6));
        answer = Mono.just(List.of(found()));
        time.advanceTimeBy(Duration.ofSeconds(6));

        assertThat(told).hasSize(1);
    }

    @Test
    void passesOverWhatALaterVersionWrote() {
        Changes.Found known = found();
        answer = Mono.just(List.of(new Changes.Found(UUID.randomUUID(), Optional.empty()), known));
        time.advanceTimeBy(PERIOD);

        assertThat(told).containsExactly(known.change().orElseThrow());
    }

    private static Changes.Found found() {
        Change change = new Change(new OrganizationId(UUID.randomUUID()), ChangeType.KEY_REVOKED, UUID.randomUUID());
        return new Changes.Found(UUID.randomUUID(), Optional.of(change));
    }
}
