package dev.sluice.executor.script;

import dev.sluice.executor.engine.FairThreads;
import dev.sluice.executor.javascript.Outcome;
import dev.sluice.executor.javascript.Program;
import dev.sluice.executor.javascript.Sandbox;
import dev.sluice.shared.pressure.PressureSource;
import dev.sluice.shared.tenancy.OrganizationId;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** The threads on which scripts run, each alone in a sandbox, one organization after the other. Thread-safe. */
public final class ScriptThreads implements Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(ScriptThreads.class);

    /** What waits may be given so many times what one may use. */
    private static final int WAITING_SHARE = 4;

    private final Sandbox sandbox;
    private final FairThreads threads;
    private final WaitingBytes bytes;
    private volatile boolean disposed;

    /**
     * Starts none yet.
     *
     * @param sandbox what scripts run in
     * @param threads how many run at once
     * @param waiting how many may wait for a thread, of one organization half of that; one beyond is refused,
     *                and so is one while those that wait were given four times the memory of one, or twice by one organization
     */
    public ScriptThreads(Sandbox sandbox, int threads, int waiting) {
        this.sandbox = sandbox;
        this.threads = FairThreads.of("scripts", threads, waiting, Sandbox.threads());
        this.bytes = new WaitingBytes(WAITING_SHARE * sandbox.memoryBytes());
    }

    /** Whether a script is small enough to run at all. */
    boolean fits(Program program) {
        return sandbox.fits(program);
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
            Execution execution = new Execution(organization, program, sink);
            MonoSink<Outcome> ignored = sink.onDispose(() -> withdraw(execution));
            execution.offer();
        });
    }

    /** Has a script run for which nobody waits; the same, but completes as soon as it has a place. */
    Mono<Void> start(OrganizationId organization, Program program) {
        return Mono.create(sink -> {
            Unattended unattended = new Unattended(organization, program);
            unattended.offer();
            if (unattended.refused) {
                sink.error(new FullException());
            } else {
                sink.success();
            }
        });
    }

    private void withdraw(Execution execution) {
        execution.cancelled = true;
        threads.withdraw(execution.organization, execution);
        execution.release();
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

    /** One whose bytes count until its turn comes, or until it is known that it never does. */
    private abstract class Waiting implements FairThreads.Work {

        final OrganizationId organization;
        final Program program;
        private final AtomicBoolean counted = new AtomicBoolean();

        Waiting(OrganizationId organization, Program program) {
            this.organization = organization;
            this.program = program;
        }

        void offer() {
            if (bytes.take(organization, size())) {
                counted.set(true);
                threads.offer(organization, this);
            } else {
                full();
            }
        }

        /** Once, however often it is called. */
        final void release() {
            if (counted.compareAndSet(true, false)) {
                bytes.release(organization, size());
            }
        }

        private long size() {
            return Character.BYTES * program.size();
        }

        @Override
        public final void run() {
            release();
            execute();
        }

        @Override
        public final void refused() {
            release();
            full();
        }

        /** Runs the script, and throws nothing. */
        abstract void execute();

        /** There is no place for it. */
        abstract void full();
    }

    /** One that somebody waits for. */
    private final class Execution extends Waiting {

        private final MonoSink<Outcome> sink;
        private volatile boolean cancelled;

        Execution(OrganizationId organization, Program program, MonoSink<Outcome> sink) {
            super(organization, program);
            this.sink = sink;
        }

        @Override
        void execute() {
            try {
                sink.success(sandbox.run(program, () -> cancelled || disposed));
            } catch (RuntimeException | Error e) {
                failed(e);
            }
        }

        @Override
        void full() {
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
    private final class Unattended extends Waiting {

        private volatile boolean refused;

        Unattended(OrganizationId organization, Program program) {
            super(organization, program);
        }

        @Override
        void execute() {
            try {
                Outcome ignored = sandbox.run(program, () -> disposed);
            } catch (RuntimeException | Error e) {
                LOG.error(
                        "A script that nobody waits for could not be run: {}",
                        e.getClass().getName());
            }
        }

        @Override
        void full() {
            refused = true;
        }
    }
}
