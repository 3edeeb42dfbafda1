package dev.sluice.executor.engine;

import dev.sluice.executor.expression.Allowance;
import dev.sluice.executor.expression.Unfinished;
import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.limit.LimitException;
import dev.sluice.executor.expression.limit.Limits;
import dev.sluice.shared.pressure.Bound;
import dev.sluice.shared.pressure.PressureSource;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Evaluates what workflows say without holding up anybody else: at once where that takes a millisecond or so, which is nearly
 * always, and otherwise from the beginning, with all of the limits, on threads that do nothing else. So whatever is evaluated must
 * be pure; it may be evaluated twice. Thread-safe.
 */
public final class Evaluations implements Disposable {

    /** Of what a thread of an event loop may do for one stage: a millisecond or so also where nothing is compiled yet. */
    private static final int BRIEF_STEPS = 5_000;

    private static final long BRIEF_BYTES = 1L << 20;

    private static final int IDLE_SECONDS = 60;
    private static final long BASE_STACK = 1L << 20;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static final String NAME = "evaluations";

    private final Workers workers;
    private final Scheduler back;
    private final Work work;

    private Evaluations(Workers workers, Scheduler back, Work work) {
        this.workers = workers;
        this.back = back;
        this.work = work;
    }

    /**
     * With threads of its own.
     *
     * @param limits  of each evaluation
     * @param threads for those that take longer
     * @param waiting how many of those may wait for a thread; an evaluation beyond that is {@link ProblemType#UNAVAILABLE}
     * @param back    where those who asked go on after an evaluation elsewhere
     */
    public static Evaluations of(Limits limits, int threads, int waiting, Scheduler back) {
        return of(
                limits,
                BRIEF_STEPS,
                Schedulers.newBoundedElastic(
                        threads, Math.ceilDiv(waiting, threads), work -> thread(work, limits), IDLE_SECONDS),
                threads,
                back);
    }

    /** Of whose stack there is four times as much as levels take at most: memory that is not touched is not there. */
    private static Thread thread(Runnable work, Limits limits) {
        long stack = BASE_STACK + 4L * limits.depth() * Budget.STACK_BYTES_PER_LEVEL;
        Thread thread = new Thread(null, work, "expression-" + NUMBER.incrementAndGet(), stack);
        thread.setDaemon(true);
        return thread;
    }

    /** With steps for each stage where it is, and threads for the others. */
    static Evaluations of(Limits limits, int steps, Scheduler scheduler, int threads, Scheduler back) {
        Workers workers = new Workers(limits, steps, false, scheduler, threads, new AtomicInteger());
        return new Evaluations(workers, back, new Work(back));
    }

    /** The same where all evaluations of a stage together may use no more than one: for what somebody waits behind. */
    public Evaluations together() {
        return new Evaluations(workers.sharing(), back, work);
    }

    /** The same threads for a run, which goes on on its own and has its work counted. */
    Evaluations of(Scheduler thread, Work counted) {
        return new Evaluations(workers, thread, counted);
    }

    /**
     * What a pure function gives, which may evaluate expressions and is called when somebody subscribes. Ends with its errors, and with a
     * {@link SluiceException} that says nothing about it when the machine has no time for it. Cancelling ends an evaluation elsewhere.
     */
    public <T> Mono<T> of(Supplier<T> stage) {
        return Mono.defer(() -> {
            try {
                return Mono.just(workers.briefly(stage));
            } catch (Unfinished e) {
                return work.elsewhere(workers.<T>wholly(stage).publishOn(back));
            }
        });
    }

    /** Evaluations that take longer, and those of them that wait. */
    public PressureSource pressure() {
        return PressureSource.ofNode(() -> List.of(workers.bound()));
    }

    @Override
    public void dispose() {
        workers.scheduler().dispose();
    }

    private record Workers(
            Limits limits, int steps, boolean together, Scheduler scheduler, int threads, AtomicInteger asked) {

        Workers sharing() {
            return new Workers(limits, steps, true, scheduler, threads, asked);
        }

        Bound bound() {
            int now = asked.get();
            return new Bound(NAME, (long) threads, Math.min(now, threads), (long) Math.max(0, now - threads));
        }

        <T> T briefly(Supplier<T> stage) {
            return Allowance.brief(limits, steps, BRIEF_BYTES).during(stage);
        }

        <T> Mono<T> wholly(Supplier<T> stage) {
            return Mono.<T>create(sink -> {
                        AtomicBoolean cancelled = new AtomicBoolean();
                        asked.incrementAndGet();
                        Disposable task = scheduler.schedule(() -> evaluate(stage, cancelled, sink));
                        MonoSink<T> ignored = sink.onCancel(() -> {
                            cancelled.set(true);
                            task.dispose();
                        });
                    })
                    .doFinally(end -> asked.decrementAndGet())
                    .onErrorMap(LimitException.class, Workers::late)
                    .onErrorMap(RejectedExecutionException.class, Workers::full);
        }

        private <T> void evaluate(Supplier<T> stage, AtomicBoolean cancelled, MonoSink<T> sink) {
            try {
                Allowance whole =
                        together ? Allowance.together(limits, cancelled::get) : Allowance.each(limits, cancelled::get);
                sink.success(whole.during(stage));
            } catch (RuntimeException | Error e) {
                // Nobody hears it any more, and it was to be expected.
                if (!cancelled.get()) {
                    sink.error(e);
                }
            }
        }

        /** Says nothing of the workflow, which is why no workflow can catch it: the run is taken up again, so many times. */
        private static Throwable late(LimitException e) {
            return new SluiceException(
                    ProblemType.INTERNAL_ERROR, "An evaluation was not given the time it needs: " + e.getMessage(), e);
        }

        private static Throwable full(RejectedExecutionException e) {
            return new SluiceException(
                    ProblemType.UNAVAILABLE, "Too many evaluations that take long wait on this node.", e);
        }
    }
}
