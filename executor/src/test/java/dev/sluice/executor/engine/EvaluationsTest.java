package dev.sluice.executor.engine;

import static dev.sluice.shared.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.expression.Allowance;
import dev.sluice.executor.expression.Arguments;
import dev.sluice.executor.expression.Expression;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.executor.expression.Expressions;
import dev.sluice.executor.expression.limit.Limits;
import dev.sluice.shared.pressure.Bound;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** Where expressions are evaluated, and what becomes of those that take long. */
final class EvaluationsTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final Expression QUICK = compile("1 + 1");
    /** Half a million steps or so. */
    private static final Expression LONG = compile("reduce range(100000) as $i (0; . + $i)");

    private static final Expression ENDLESS = compile("def f: f; f");

    /** Not a number of steps that anybody waits for in a test. */
    private static final Limits PATIENT = new Limits(
            1L << 40,
            Allowance.LIMITS.bytes(),
            Allowance.LIMITS.depth(),
            1,
            Allowance.LIMITS.result(),
            Allowance.LIMITS.nesting(),
            Duration.ofMinutes(1));

    private static final OrganizationId OURS = new OrganizationId(new UUID(0, 1));
    private static final OrganizationId THEIRS = new OrganizationId(new UUID(0, 2));
    private static final Principal PLATFORM = new Principal(OURS, UUID.randomUUID(), Principal.Scope.PLATFORM);

    private final Scheduler back = Schedulers.newParallel("back", 1);
    private final Queue<String> threads = new ConcurrentLinkedQueue<>();
    private EvaluationThreads elsewhere = EvaluationThreads.of(Allowance.LIMITS, 2, 1_000, back);
    private Evaluations evaluations = elsewhere.of(OURS);

    @AfterEach
    void stop() {
        elsewhere.dispose();
        back.dispose();
    }

    @Test
    void evaluatesAtOnceWhatIsQuick() {
        String here = Thread.currentThread().getName();
        evaluations
                .of(noting(QUICK))
                .doOnNext(value -> threads.add(Thread.currentThread().getName()))
                .as(StepVerifier::create)
                .assertNext(value -> assertThat(value.intValue()).isEqualTo(2))
                .verifyComplete();
        assertThat(threads).containsExactly(here, here);
    }

    @Test
    void beginsAgainElsewhereWhatIsNotAndComesBack() {
        String here = Thread.currentThread().getName();
        evaluations
                .of(noting(LONG))
                .doOnNext(value -> threads.add(Thread.currentThread().getName()))
                .as(StepVerifier::create)
                .assertNext(value -> assertThat(value.longValue()).isEqualTo(4_999_950_000L))
                .expectComplete()
                .verify(DEADLINE);
        List<String> seen = List.copyOf(threads);
        assertThat(seen).hasSize(3);
        assertThat(seen.get(0)).isEqualTo(here);
        assertThat(seen.get(1)).startsWith("expression");
        assertThat(seen.get(2)).startsWith("back");
    }

    /** Each of a hundred takes little; together they would hold the thread. */
    @Test
    void countsAllOfAStageTogether() {
        Expression some = compile("[range(300)] | length");
        evaluations
                .of(() -> IntStream.range(0, 100)
                        .map(i -> noting(some).get().intValue())
                        .sum())
                .as(StepVerifier::create)
                .expectNext(30_000)
                .expectComplete()
                .verify(DEADLINE);
        assertThat(threads).hasSizeGreaterThan(100);
        assertThat(threads.stream().skip(threads.size() - 100L)).allMatch(name -> name.startsWith("expression"));
    }

    /** Each of a hundred has steps enough; together they have no more than one. */
    @Test
    void hasNoMoreForAllThanForOneWhereOthersWaitBehind() {
        Supplier<Integer> hundred = () -> IntStream.range(0, 100)
                .map(i -> noting(LONG).get().isNumber() ? 1 : 0)
                .sum();
        evaluations
                .of(hundred)
                .as(StepVerifier::create)
                .expectNext(100)
                .expectComplete()
                .verify(DEADLINE);
        elsewhere.dispose();
        elsewhere = EvaluationThreads.together(Allowance.LIMITS, 2, 1_000, back);
        evaluations = elsewhere.of(OURS);
        evaluations
                .of(hundred)
                .as(StepVerifier::create)
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(ExpressionException.class)
                        .hasMessage("The expression needs more than 2000000 steps"))
                .verify(DEADLINE);
        evaluations
                .of(noting(LONG))
                .as(StepVerifier::create)
                .expectNextCount(1)
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void isTheWorkflowsAffairWhenStepsRunOut() {
        evaluations
                .of(noting(ENDLESS))
                .as(StepVerifier::create)
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(ExpressionException.class)
                        .hasMessage("The expression needs more than 2000000 steps"))
                .verify(DEADLINE);
    }

    /** One that is too deep is too deep elsewhere too. */
    @Test
    void saysAtOnceWhatIsAsDeepEverywhere() {
        restart(
                new Limits(
                        PATIENT.steps(), PATIENT.bytes(), 50, 1, PATIENT.result(), PATIENT.nesting(), PATIENT.time()),
                1,
                10);
        evaluations
                .of(noting(compile("def f: 1 + f; f")))
                .as(StepVerifier::create)
                .expectError(ExpressionException.class)
                .verify(DEADLINE);
        assertThat(threads).hasSize(1);
    }

    @Test
    void isNobodysErrorWhenTimeRunsOut() {
        restart(
                new Limits(
                        PATIENT.steps(),
                        PATIENT.bytes(),
                        PATIENT.depth(),
                        1,
                        PATIENT.result(),
                        PATIENT.nesting(),
                        Duration.ofMillis(50)),
                1,
                10);
        evaluations
                .of(noting(ENDLESS))
                .as(StepVerifier::create)
                .expectErrorSatisfies(
                        error -> assertThat(((SluiceException) error).type()).isEqualTo(ProblemType.INTERNAL_ERROR))
                .verify(DEADLINE);
    }

    @Test
    void endsWhatNobodyWaitsForAnyMore() throws InterruptedException {
        restart(PATIENT, 1, 10);
        CountDownLatch began = new CountDownLatch(2);
        Disposable endless = evaluations
                .of(() -> {
                    began.countDown();
                    return ENDLESS.evaluate(NullNode.getInstance(), Arguments.NONE);
                })
                .subscribe();
        assertThat(began.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(bound().used()).isOne();

        endless.dispose();

        evaluations
                .of(noting(LONG))
                .as(StepVerifier::create)
                .expectNextCount(1)
                .expectComplete()
                .verify(DEADLINE);
        eventually(() -> bound().used() == 0);
    }

    @Test
    void refusesMoreThanMayWait() {
        restart(PATIENT, 1, 5);
        Disposable running = occupied();
        List<Disposable> waiting = IntStream.range(0, 5)
                .mapToObj(i -> (i < 3 ? evaluations : elsewhere.of(THEIRS))
                        .of(noting(LONG))
                        .subscribe())
                .toList();
        assertThat(Objects.requireNonNull(bound().waiting())).isEqualTo(5);

        refused(elsewhere.of(THEIRS));
        waiting.getFirst().dispose();
        assertThat(Objects.requireNonNull(bound().waiting())).isEqualTo(4);
        assertThat(threads.stream().filter(name -> name.startsWith("expression")))
                .hasSize(1);
        evaluations
                .of(noting(QUICK))
                .as(StepVerifier::create)
                .expectNextCount(1)
                .verifyComplete();

        waiting.forEach(Disposable::dispose);
        running.dispose();
        eventually(() -> bound().used() == 0);
    }

    @Test
    void leavesHalfOfThePlacesToOthers() {
        restart(PATIENT, 1, 4);
        Disposable running = occupied();
        List<Disposable> waiting = IntStream.range(0, 2)
                .mapToObj(i -> evaluations.of(noting(LONG)).subscribe())
                .toList();

        refused(evaluations);
        Mono<JsonNode> theirs = elsewhere.of(THEIRS).of(noting(LONG)).cache();
        Disposable asked = theirs.subscribe();

        running.dispose();
        theirs.as(StepVerifier::create).expectNextCount(1).expectComplete().verify(DEADLINE);
        asked.dispose();
        waiting.forEach(Disposable::dispose);
    }

    /** What many wait for of one organization holds up another's for as long as one of them takes. */
    @Test
    void takesOneOrganizationAfterTheOther() {
        restart(PATIENT, 1, 100);
        Disposable running = occupied();
        Queue<String> ended = new ConcurrentLinkedQueue<>();
        Mono<Void> all = Flux.merge(
                        Flux.range(0, 5)
                                .flatMap(i -> evaluations.of(noting(LONG)).doOnNext(value -> ended.add("ours")), 5),
                        elsewhere.of(THEIRS).of(noting(LONG)).doOnNext(value -> ended.add("theirs")))
                .then()
                .cache();
        Disposable asked = all.subscribe();
        eventually(() -> Objects.requireNonNull(bound().waiting()) == 6);

        running.dispose();

        all.as(StepVerifier::create).expectComplete().verify(DEADLINE);
        asked.dispose();
        assertThat(ended).containsExactly("ours", "theirs", "ours", "ours", "ours", "ours");
    }

    @Test
    void tellsThoseWhoWaitThatItEnds() {
        restart(PATIENT, 1, 10);
        Disposable running = occupied();
        Mono<JsonNode> waiting = evaluations.of(noting(LONG)).cache();
        Disposable asked = waiting.subscribe(value -> {}, error -> {});
        eventually(() -> Objects.requireNonNull(bound().waiting()) == 1);
        elsewhere.dispose();
        waiting.as(StepVerifier::create).expectError(SluiceException.class).verify(DEADLINE);
        asked.dispose();
        running.dispose();
    }

    @Test
    void refusesWhatComesAfterTheEnd() {
        elsewhere.dispose();
        refused(evaluations);
    }

    /** The only thread there is. */
    private Disposable occupied() {
        Disposable running = evaluations.of(noting(ENDLESS)).subscribe();
        eventually(() -> threads.stream().anyMatch(name -> name.startsWith("expression")));
        assertThat(bound().used()).isOne();
        return running;
    }

    private void refused(Evaluations asked) {
        asked.of(noting(LONG))
                .as(StepVerifier::create)
                .expectErrorSatisfies(
                        error -> assertThat(((SluiceException) error).type()).isEqualTo(ProblemType.UNAVAILABLE))
                .verify(DEADLINE);
    }

    /** Cancelled at any moment: no thread is lost, and what comes next is evaluated. */
    @Test
    void survivesCancellationAtAnyMoment() {
        restart(PATIENT, 2, 1_000);
        for (int i = 0; i < 300; i++) {
            Disposable endless = evaluations.of(noting(ENDLESS)).subscribe();
            if (i % 3 == 0) {
                Thread.onSpinWait();
            }
            endless.dispose();
        }
        Flux.range(0, 20)
                .flatMap(i -> evaluations.of(noting(LONG)), 20)
                .as(StepVerifier::create)
                .expectNextCount(20)
                .expectComplete()
                .verify(DEADLINE);
        eventually(() -> bound().used() == 0);
    }

    private void restart(Limits limits, int workers, int waiting) {
        elsewhere.dispose();
        elsewhere = EvaluationThreads.of(limits, workers, waiting, back);
        evaluations = elsewhere.of(OURS);
    }

    private Bound bound() {
        Mono<List<Bound>> bounds = elsewhere.pressure().bounds(PLATFORM);
        return Objects.requireNonNull(bounds.block(DEADLINE)).getFirst();
    }

    private Supplier<JsonNode> noting(Expression expression) {
        return () -> {
            threads.add(Thread.currentThread().getName());
            return expression.evaluate(NullNode.getInstance(), Arguments.NONE);
        };
    }

    private static Expression compile(String program) {
        return Expressions.compile(program, Set.of());
    }
}
