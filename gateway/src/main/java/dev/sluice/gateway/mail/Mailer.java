package dev.sluice.gateway.mail;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.retry.Retry;

/**
 * Sends messages after whoever caused them was answered. {@value #MAX} may wait; one more is refused. What the server cannot take
 * right now is tried {@value #REPETITIONS} more times within {@link #DEADLINE}; then it is given up, counted and logged without
 * what it says. Nothing is kept: those that wait when a gateway stops are lost, and asked for again. Thread-safe.
 */
public final class Mailer implements Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(Mailer.class);

    private static final int MAX = 500;
    private static final int AT_ONCE = 16;
    private static final int REPETITIONS = 4;
    private static final Duration DEADLINE = Duration.ofMinutes(3);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration BUSY = Duration.ofSeconds(1);

    private final Sinks.Many<Job> queue = Sinks.many().unicast().onBackpressureBuffer();
    private final AtomicInteger waiting = new AtomicInteger();
    private final boolean on;
    private final Smtp smtp;
    private final Duration pause;
    private final Counter sent;
    private final Counter failed;
    private final Counter refused;
    private final Disposable work;

    /** To the server of the settings. */
    public Mailer(MailSettings settings, MeterRegistry meters, Clock clock) {
        this(settings, meters, clock, LIMIT, PAUSE);
    }

    Mailer(MailSettings settings, MeterRegistry meters, Clock clock, Duration limit, Duration pause) {
        this.on = settings.isOn();
        this.smtp = new Smtp(settings, limit, clock);
        this.pause = pause;
        this.sent = MailMeter.SENT.register(meters);
        this.failed = MailMeter.FAILED.register(meters);
        this.refused = MailMeter.REFUSED.register(meters);
        this.work = queue.asFlux().flatMap(this::handle, AT_ONCE).subscribe();
    }

    /** A message that is not made yet. */
    private record Job(Mono<Mail> making) {}

    /** Whether there is a server. */
    public boolean isOn() {
        return on;
    }

    /** {@link ProblemType#NOT_IMPLEMENTED} when there is none. */
    public void requireOn() {
        if (!on) {
            throw new SluiceException(
                    ProblemType.NOT_IMPLEMENTED,
                    "This installation sends no mail; its operator has to set 'sluice.mail.host' for that.");
        }
    }

    /**
     * Takes a message over.
     *
     * @param making makes it, when it is its turn; nothing is sent when it is empty
     * @return false when too many wait
     */
    public boolean offer(Mono<Mail> making) {
        if (waiting.getAndUpdate(count -> count < MAX ? count + 1 : count) >= MAX) {
            refused.increment();
            return false;
        }
        queue.emitNext(new Job(making), Sinks.EmitFailureHandler.busyLooping(BUSY));
        return true;
    }

    /** Never an error: it would be the end of all. */
    private Mono<Void> handle(Job job) {
        return job.making
                .flatMap(this::send)
                .timeout(DEADLINE)
                .onErrorResume(error -> Mono.fromRunnable(() -> giveUp(error)))
                .doFinally(signal -> waiting.decrementAndGet());
    }

    private Mono<Void> send(Mail mail) {
        return smtp.send(mail)
                .retryWhen(Retry.backoff(REPETITIONS, pause)
                        .maxBackoff(LONGEST_PAUSE)
                        .filter(Smtp::isTransient)
                        .onRetryExhaustedThrow((spec, signal) -> signal.failure()))
                .doOnSuccess(nothing -> sent.increment());
    }

    private void giveUp(Throwable error) {
        failed.increment();
        LOG.atWarn().addKeyValue("error", Smtp.describe(error)).log("a message was given up");
    }

    /** What waits is lost. */
    @Override
    public void dispose() {
        work.dispose();
        smtp.dispose();
    }
}
