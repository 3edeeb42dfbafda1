package dev.sluice.executor.engine;

import dev.sluice.executor.expression.Allowance;
import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.limit.LimitException;
import dev.sluice.executor.expression.limit.Limits;
import dev.sluice.shared.pressure.PressureSource;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * Threads that do nothing but evaluate what takes longer than a millisecond or so, for one organization after the other. What
 * waits for them waits as long as it takes: nobody has more than half of the places, and each evaluation has limits. Thread-safe.
 */
public final class EvaluationThreads implements Disposable {

    /** Of what a thread of an event loop may do for one stage: well under {@link #BRIEF_TIME} once it is compiled. */
    private static final int BRIEF_STEPS = 5_000;

    private static final long BRIEF_BYTES = 1L << 20;

    /** By the clock, for what is not compiled yet, and for steps that take longer than others. */
    private static final Duration BRIEF_TIME = Duration.ofMillis(2);

    private static final long IDLE_SECONDS = 60;
    private static final long BASE_STACK = 1L << 20;
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final String NAME = "evaluations";

    private final Limits limits;
    private final int steps;
    private final boolean together;
    private final Scheduler back;
    private final FairThreads threads;
    private final ExecutorService workers;

    private EvaluationThreads(
            Limits limits,
            int steps,
            boolean together,
            ExecutorService workers,
            int threads,
            int waiting,
            Scheduler back) {
        this.limits = limits;
        this.steps = steps;
        this.together = together;
        this.workers = workers;
        this.threads = FairThreads.on(workers, NAME, threads, waiting);
        this.back = back;
    }

    /**
     * Starts none yet.
     *
     * @param limits  of each evaluation
     * @param threads how many
     * @param waiting how many evaluations may wait for one, of one organization half of that; one beyond is {@link ProblemType#UNAVAILABLE}
     * @param back    where those who asked go on afterwards
     */
    public static EvaluationThreads of(Limits limits, int threads, int waiting, Scheduler back) {
        return of(limits, BRIEF_STEPS, workers(threads, limits), threads, waiting, back);
    }

    /** The same where all evaluations of a stage together may use no more than one: for what somebody waits behind. */
    public static EvaluationThreads together(Limits limits, int threads, int waiting, Scheduler back) {
        return new EvaluationThreads(limits, BRIEF_STEPS, true, workers(threads, limits), threads, waiting, back);
    }

    /** With so many steps for a stage where it is, and these threads for the others. */
    static EvaluationThreads of(
            Limits limits, int steps, ExecutorService workers, int threads, int waiting, Scheduler back) {
        return new EvaluationThreads(limits, steps, false, workers, threads, waiting, back);
    }

    /** No more are started than there is work for, so that none of it waits in the pool's own queue. */
    private static ExecutorService workers(int threads, Limits limits) {
        ThreadPoolExecutor workers = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                work -> thread(work, limits));
        workers.allowCoreThreadTimeOut(true);
        return workers;
    }

    /** Of whose stack there is four times as much as levels take at most: memory that is not touched is not there. */
    private static Thread thread(Runnable work, Limits limits) {
        long stack = BASE_STACK + 4L * limits.depth() * Budget.STACK_BYTES_PER_LEVEL;
        Thread thread = new Thread(null, work, "expression-" + NUMBER.incrementAndGet(), stack);
        thread.setDaemon(true);
        return thread;
    }

    /** Evaluates for an organization. */
    public Evaluations of(OrganizationId organization) {
        return of(organization, back, new Work(back));
    }

    /** Evaluates for a run, which goes on on a thread of its own and has its work counted. */
    Evaluations of(OrganizationId organization, Scheduler thread, Work counted) {
        return new Evaluations(this, organization, thread, counted);
    }

    /** Evaluations that take longer, and those of them that wait. */
    public PressureSource pressure() {
        return threads.pressure();
    }

    /** Here and now, or {@link dev.sluice.executor.expression.Unfinished}. */
    <T> T briefly(Supplier<T> stage) {
        return Allowance.brief(limits, steps, BRIEF_BYTES, BRIEF_TIME).during(stage);
    }

    /** With all of the limits, when there is a thread for it. Cancelling ends it. */
    <T> Mono<T> wholly(OrganizationId organization, Supplier<T> stage) {
        return Mono.create(sink -> {
            Evaluation<T> evaluation = new Evaluation<>(stage, sink);
            MonoSink<T> ignored = sink.onDispose(() -> withdraw(organization, evaluation));
            threads.offer(organization, evaluation);
        });
    }

    private void withdraw(OrganizationId organization, Evaluation<?> evaluation) {
        evaluation.cancelled = true;
        threads.withdraw(organization, evaluation);
    }

    /** Whatever an evaluation ends with is told to whoever waits for it. */
    private <T> void evaluate(Evaluation<T> evaluation) {
        try {
            Allowance whole = together
                    ? Allowance.together(limits, evaluation::isCancelled)
                    : Allowance.each(limits, evaluation::isCancelled);
            evaluation.sink.success(whole.during(evaluation.stage));
        } catch (LimitException e) {
            evaluation.failed(late(e));
        } catch (RuntimeException | Error e) {
            evaluation.failed(e);
        }
    }

    private static Throwable full() {
        return new SluiceException(ProblemType.UNAVAILABLE, "Too many evaluations that take long wait on this node.");
    }

    /** Says nothing of the workflow, which is why no workflow can catch it: the run is taken up again, so many times. */
    private static Throwable late(LimitException e) {
        return new SluiceException(
                ProblemType.INTERNAL_ERROR, "An evaluation was not given the time it needs: " + e.getMessage(), e);
    }

    /** Starts no more; those that wait end as if there had been no place for them, those under way as ever. */
    @Override
    public void dispose() {
        threads.dispose();
        workers.shutdown();
    }

    /** One that takes longer. */
    private final class Evaluation<T> implements FairThreads.Work {

        private final Supplier<T> stage;
        private final MonoSink<T> sink;
        private volatile boolean cancelled;

        Evaluation(Supplier<T> stage, MonoSink<T> sink) {
            this.stage = stage;
            this.sink = sink;
        }

        @Override
        public void run() {
            evaluate(this);
        }

        @Override
        public void refused() {
            failed(full());
        }

        boolean isCancelled() {
            return cancelled;
        }

        /** What nobody hears any more was to be expected. */
        void failed(Throwable error) {
            if (!cancelled) {
                sink.error(error);
            }
        }
    }
}
