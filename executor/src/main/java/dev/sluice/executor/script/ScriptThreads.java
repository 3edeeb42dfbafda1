package dev.sluice.executor.script;

import dev.sluice.executor.engine.FairThreads;
import dev.sluice.executor.javascript.Outcome;
import dev.sluice.executor.javascript.Program;
import dev.sluice.executor.javascript.Sandbox;
import dev.sluice.shared.pressure.PressureSource;
import dev.sluice.shared.tenancy.OrganizationId;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** The threads on which scripts run, each alone in a sandbox, one organization after the other. Thread-safe. */
public final class ScriptThreads implements Disposable {

    private final Sandbox sandbox;
    private final FairThreads threads;
    private volatile boolean disposed;

    /**
     * Starts none yet.
     *
     * @param sandbox what scripts run in
     * @param threads how many run at once
     * @param waiting how many may wait for a thread, of one organization half of that; one beyond is refused
     */
    public ScriptThreads(Sandbox sandbox, int threads, int waiting) {
        this.sandbox = sandbox;
        this.threads = FairThreads.of("scripts", threads, waiting, Sandbox.threads());
    }

    /** There was no place for a script. */
    static final class FullException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        FullException() {
            super("Too many scripts wait on this node.", null, false, false);
        }
    }

    /**
     * Runs a script to its end when somebody subscribes. Ends with {@link FullException} when there is no place for it. Cancelling
     * stops it, or takes it away before its turn.
     */
    Mono<Outcome> run(OrganizationId organization, Program program) {
        return Mono.create(sink -> {
            Execution execution = new Execution(program, sink);
            MonoSink<Outcome> ignored = sink.onDispose(() -> withdraw(organization, execution));
            threads.offer(organization, execution);
        });
    }

    /** Has a script run for which nobody waits; the same, but completes as soon as it has a place. */
    Mono<Void> start(OrganizationId organization, Program program) {
        return Mono.create(sink -> {
            Unattended unattended = new Unattended(program);
            threads.offer(organization, unattended);
            if (unattended.refused) {
                sink.error(new FullException());
            } else {
                sink.success();
            }
        });
    }

    private void withdraw(OrganizationId organization, Execution execution) {
        execution.cancelled = true;
        threads.withdraw(organization, execution);
    }

    /** How many run, and how many wait. */
    public PressureSource pressure() {
        return threads.pressure();
    }

    /** Stops those that run, and refuses those that wait. */
    @Override
    public void dispose() {
        disposed = true;
        threads.dispose();
    }

    /** One that somebody waits for. */
    private final class Execution implements FairThreads.Work {

        private final Program program;
        private final MonoSink<Outcome> sink;
        private volatile boolean cancelled;

        Execution(Program program, MonoSink<Outcome> sink) {
            this.program = program;
            this.sink = sink;
        }

        @Override
        public void run() {
            try {
                sink.success(sandbox.run(program, () -> cancelled || disposed));
            } catch (RuntimeException | Error e) {
                failed(e);
            }
        }

        @Override
        public void refused() {
            failed(new FullException());
        }

        /** What nobody hears any more was to be expected. */
        private void failed(Throwable error) {
            if (!cancelled) {
                sink.error(error);
            }
        }
    }

    /** One that nobody waits for. */
    private final class Unattended implements FairThreads.Work {

        private final Program program;
        private volatile boolean refused;

        Unattended(Program program) {
            this.program = program;
        }

        @Override
        public void run() {
            Outcome ignored = sandbox.run(program, () -> disposed);
        }

        @Override
        public void refused() {
            refused = true;
        }
    }
}
