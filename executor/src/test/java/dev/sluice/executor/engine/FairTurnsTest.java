package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** So many at a time, and the others in turn. */
final class FairTurnsTest {

    private static final OrganizationId ONE = new OrganizationId(new UUID(0, 1));
    private static final OrganizationId OTHER = new OrganizationId(new UUID(0, 2));

    private final FairTurns turns = new FairTurns(1, 4);
    private final List<String> begun = new ArrayList<>();

    @CanIgnoreReturnValue
    private Disposable begin(OrganizationId whose, String name, Mono<Void> work) {
        return turns.inTurn(whose, Mono.defer(() -> {
                    begun.add(name);
                    return work;
                }))
                .subscribe(value -> {}, error -> {});
    }

    @Test
    void oneOrganizationComesAfterTheOther() {
        Sinks.Empty<Void> end = Sinks.empty();
        Disposable first = begin(ONE, "a", end.asMono());
        begin(ONE, "b", Mono.empty());
        begin(ONE, "c", Mono.error(new IllegalStateException("fails")));
        begin(OTHER, "d", Mono.empty());
        assertThat(begun).containsExactly("a");

        assertThat(end.tryEmitEmpty().isSuccess()).isTrue();

        assertThat(first.isDisposed()).isTrue();
        assertThat(begun).containsExactly("a", "b", "d", "c");
        begin(ONE, "e", Mono.empty());
        assertThat(begun).endsWith("e");
    }

    @Test
    void whoLeavesGivesTheTurnOn() {
        Disposable first = begin(ONE, "a", Mono.never());
        Disposable waiting = begin(ONE, "b", Mono.never());
        begin(ONE, "c", Mono.empty());
        waiting.dispose();
        assertThat(begun).containsExactly("a");

        first.dispose();

        assertThat(begun).containsExactly("a", "c");
        begin(OTHER, "d", Mono.empty());
        assertThat(begun).endsWith("d");
    }

    @Test
    void oneOrganizationHasHalfAndTheOthersComeAtOnce() {
        FairTurns many = new FairTurns(5, 100);
        List<Sinks.Empty<Void>> ends = new ArrayList<>();
        List<Disposable> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Sinks.Empty<Void> end = Sinks.empty();
            ends.add(end);
            String name = "one" + i;
            all.add(many.inTurn(ONE, Mono.defer(() -> {
                        begun.add(name);
                        return end.asMono();
                    }))
                    .subscribe());
        }
        assertThat(begun).containsExactly("one0", "one1", "one2");

        all.add(many.inTurn(OTHER, Mono.fromRunnable(() -> begun.add("other"))).subscribe());

        assertThat(begun).endsWith("other").hasSize(4);
        assertThat(ends.get(1).tryEmitEmpty().isSuccess()).isTrue();
        assertThat(begun).endsWith("one3").hasSize(5);
        all.forEach(Disposable::dispose);
    }

    /** Whatever comes, ends and leaves: no more than there are, of nobody more than half, and none is lost. */
    @Test
    void lendsNeitherTooManyNorTooFew() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            int atOnce = 1 + random.nextInt(8);
            Crowd crowd = new Crowd(atOnce, random);
            for (int step = 0; step < 300; step++) {
                crowd.step();
                crowd.check(seed);
            }
            crowd.leave();
            assertThat(crowd.underWay()).as("seed %d", seed).isZero();
            crowd.fillsUp(seed);
        }
    }

    /** Three organizations. */
    private static final class Crowd {

        private static final int MOST = 1_000;

        private final int atOnce;
        private final Random random;
        private final FairTurns turns;
        private final List<Visitor> visitors = new ArrayList<>();

        Crowd(int atOnce, Random random) {
            this.atOnce = atOnce;
            this.random = random;
            this.turns = new FairTurns(atOnce, MOST);
        }

        void step() {
            if (visitors.isEmpty() || random.nextInt(3) == 0) {
                come(random.nextInt(3));
            } else {
                Visitor one = visitors.remove(random.nextInt(visitors.size()));
                if (one.begun && random.nextBoolean()) {
                    assertThat(one.end.tryEmitEmpty().isSuccess()).isTrue();
                } else {
                    one.visit.dispose();
                }
            }
        }

        private void come(int whose) {
            Visitor visitor = new Visitor(whose);
            visitors.add(visitor);
            visitor.visit.update(turns.inTurn(new OrganizationId(new UUID(1, whose)), Mono.defer(() -> {
                        visitor.begun = true;
                        return visitor.end.asMono();
                    }))
                    .subscribe());
        }

        void check(long seed) {
            int half = Math.ceilDiv(atOnce, 2);
            assertThat(underWay()).as("seed %d", seed).isLessThanOrEqualTo(atOnce);
            for (int whose = 0; whose < 3; whose++) {
                assertThat(begun(whose)).as("seed %d", seed).isLessThanOrEqualTo(half);
                if (underWay() < atOnce && begun(whose) < half) {
                    assertThat(waiting(whose)).as("seed %d", seed).isZero();
                }
            }
        }

        long underWay() {
            return visitors.stream().filter(one -> one.begun).count();
        }

        private long begun(int whose) {
            return visitors.stream()
                    .filter(one -> one.begun && one.whose == whose)
                    .count();
        }

        private long waiting(int whose) {
            return visitors.stream()
                    .filter(one -> !one.begun && one.whose == whose)
                    .count();
        }

        void leave() {
            visitors.forEach(one -> one.visit.dispose());
            visitors.clear();
        }

        /** All turns are there again. */
        void fillsUp(long seed) {
            for (int i = 0; i < 3 * atOnce; i++) {
                come(i % 3);
            }
            assertThat(underWay()).as("seed %d", seed).isEqualTo(atOnce);
        }
    }

    private static final class Visitor {

        private final int whose;
        private final Sinks.Empty<Void> end = Sinks.empty();
        private final Disposable.Swap visit = Disposables.swap();
        private boolean begun;

        Visitor(int whose) {
            this.whose = whose;
        }
    }

    @Test
    void refusesWhomItHasNoPlaceFor() {
        begin(ONE, "a", Mono.never());
        begin(ONE, "b", Mono.never());
        begin(ONE, "c", Mono.never());

        assertThatExceptionOfType(SluiceException.class)
                .isThrownBy(() -> turns.inTurn(ONE, Mono.empty()).block())
                .satisfies(error -> assertThat(error.type()).isEqualTo(ProblemType.UNAVAILABLE));
        begin(OTHER, "d", Mono.never());
        assertThat(begun).containsExactly("a");
    }
}
