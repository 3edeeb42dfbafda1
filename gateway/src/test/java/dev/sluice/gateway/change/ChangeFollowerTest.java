package dev.sluice.gateway.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

final class ChangeFollowerTest {

    private static final Duration PERIOD = ChangeFollower.PERIOD;
    private static final int KNOWN = 11 * ChangeFollower.PAGE;

    private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
    private final List<Change> told = new ArrayList<>();
    private final List<Duration> asked = new ArrayList<>();
    private final List<Changes.@Nullable Place> places = new ArrayList<>();
    private Mono<List<Changes.Found>> answer = Mono.just(List.of());

    private final ChangeFollower follower = new ChangeFollower(
            (age, after, rows) -> {
                asked.add(age);
                places.add(after);
                return answer.map(all -> all.stream()
                        .filter(each -> after == null || each.place().at().isAfter(after.at()))
                        .limit(rows)
                        .toList());
            },
            told::add,
            KNOWN,
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
    void readsManyInPagesAndTellsEachOnce() {
        List<Changes.Found> all = many(10 * ChangeFollower.PAGE + 1);
        answer = Mono.just(all);
        time.advanceTimeBy(PERIOD);
        assertThat(places).hasSize(11).startsWith((Changes.Place) null);
        assertThat(told).hasSize(all.size());

        time.advanceTimeBy(Duration.ofMinutes(2));
        assertThat(told).hasSize(all.size());
    }

    @Test
    void goesOnWhereItWasWhenAPageFails() {
        List<Changes.Found> all = many(3 * ChangeFollower.PAGE);
        AtomicInteger failing = new AtomicInteger(3);
        answer = Mono.defer(
                () -> failing.decrementAndGet() == 0 ? Mono.error(new IllegalStateException("away")) : Mono.just(all));
        time.advanceTimeBy(PERIOD);
        assertThat(told).hasSize(2 * ChangeFollower.PAGE);
        time.advanceTimeBy(PERIOD);
        assertThat(told).hasSize(all.size()).doesNotHaveDuplicates();
        assertThat(places.get(3)).isEqualTo(places.get(2)).isNotNull();
    }

    @Test
    void goesBackForAllOfTheOverlapSeldomWhileThereAreMany() {
        answer = Mono.just(many(ChangeFollower.PAGE));
        time.advanceTimeBy(PERIOD);
        asked.clear();
        time.advanceTimeBy(ChangeFollower.LONG_PERIOD.minus(PERIOD));
        assertThat(asked).isNotEmpty().allMatch(age -> age.compareTo(ChangeFollower.BRIEF.plusSeconds(1)) < 0);
        asked.clear();
        time.advanceTimeBy(PERIOD);
        assertThat(asked).startsWith(ChangeFollower.OVERLAP.plus(ChangeFollower.LONG_PERIOD));

        answer = Mono.just(List.of());
        time.advanceTimeBy(ChangeFollower.LONG_PERIOD.plus(PERIOD));
        asked.clear();
        time.advanceTimeBy(PERIOD);
        assertThat(asked).containsExactly(ChangeFollower.OVERLAP.plus(PERIOD));
    }

    /** It came to light after a brief pass had gone by. */
    @Test
    void tellsWhatALongPassFindsLate() {
        List<Changes.Found> all = many(ChangeFollower.PAGE + 1);
        answer = Mono.just(all.subList(1, all.size()));
        time.advanceTimeBy(PERIOD);
        answer = Mono.just(List.of());
        time.advanceTimeBy(PERIOD);
        answer = Mono.just(all);
        time.advanceTimeBy(ChangeFollower.LONG_PERIOD);
        assertThat(told).hasSize(all.size()).doesNotHaveDuplicates();
    }

    /** What is remembered has a bound, what is told has none. */
    @Test
    void tellsAgainWhatIsBeyondWhatItRemembers() {
        List<Changes.Found> all = many(KNOWN + 2);
        answer = Mono.just(all);
        time.advanceTimeBy(PERIOD);
        assertThat(told).hasSize(all.size()).doesNotHaveDuplicates();
        told.clear();
        time.advanceTimeBy(PERIOD);
        assertThat(told)
                .containsExactlyElementsOf(all.subList(KNOWN, all.size()).stream()
                        .map(each -> each.change().orElseThrow())
                        .toList());
    }

    @Test
    void passesOverWhatALaterVersionWrote() {
        Changes.Found known = found();
        answer = Mono.just(List.of(new Changes.Found(place(0), Optional.empty()), known));
        time.advanceTimeBy(PERIOD);

        assertThat(told).containsExactly(known.change().orElseThrow());
    }

    private static List<Changes.Found> many(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(ChangeFollowerTest::found)
                .toList();
    }

    private static Changes.Found found() {
        return found(1);
    }

    private static Changes.Found found(int second) {
        Change change = new Change(new OrganizationId(UUID.randomUUID()), ChangeType.KEY_REVOKED, UUID.randomUUID());
        return new Changes.Found(place(second), Optional.of(change));
    }

    private static Changes.Place place(int second) {
        return new Changes.Place(Instant.ofEpochSecond(second), UUID.randomUUID());
    }
}
