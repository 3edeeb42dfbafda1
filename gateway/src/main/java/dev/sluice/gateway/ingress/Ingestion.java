package dev.sluice.gateway.ingress;

import dev.sluice.gateway.quota.Metered;
import dev.sluice.gateway.quota.Permit;
import dev.sluice.gateway.quota.Quotas;
import dev.sluice.shared.postgres.GroupCommit;
import dev.sluice.shared.postgres.GroupCommitSettings;
import dev.sluice.shared.pressure.Bound;
import dev.sluice.shared.pressure.PressureSource;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.redis.EventPublisher;
import dev.sluice.shared.redis.WorkStreams;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.r2dbc.pool.ConnectionPool;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Takes deliveries in: verified, stored by group commit, and published after that. Thread-safe. Closing stores what is
 * under way.
 */
public final class Ingestion implements AutoCloseable {

    private static final Duration SOON = Duration.ofSeconds(1);

    private final GroupCommit<NewEvent, Receipt> commit;
    private final EventPublisher publisher;
    private final Quotas quotas;
    private final AtomicLong buffered = new AtomicLong();
    private final long maxBuffered;
    private final Counter accepted;
    private final Counter duplicates;
    private final Counter invalidSignatures;

    /** Ingestion on connections of {@code sluice_ingest}, which counts events there. */
    public Ingestion(
            ConnectionPool ingest,
            WorkStreams streams,
            GroupCommitSettings commitSettings,
            IngressSettings settings,
            Quotas quotas,
            MeterRegistry meters) {
        this.quotas = quotas;
        this.maxBuffered = settings.maxBuffered().toBytes();
        this.accepted = IngressMeter.ACCEPTED.register(meters);
        this.duplicates = IngressMeter.DUPLICATES.register(meters);
        this.invalidSignatures = IngressMeter.INVALID_SIGNATURES.register(meters);
        this.publisher = new EventPublisher(
                streams::publish,
                settings.maxUnpublished(),
                settings.publishTimeout(),
                IngressMeter.UNPUBLISHED.register(meters),
                Schedulers.parallel());
        this.commit = new GroupCommit<>(
                commitSettings,
                new EventStore(ingest, publisher),
                event -> event.endpoint().hashCode(),
                meters,
                "events");
    }

    /**
     * The receipt, after the event's commit; {@code UNAVAILABLE} at once while too many bodies are read or wait for theirs,
     * {@code QUOTA_EXCEEDED} when the organization may have no more events.
     *
     * @param body is subscribed to only once there is room for {@code maxBytes}
     * @param response gets the fields that say how the quota stands
     */
    Mono<Receipt> take(Door door, HttpHeaders headers, int maxBytes, Mono<byte[]> body, HttpHeaders response) {
        return Mono.defer(() -> {
            quotas.requireLeft(door.organization(), Metered.EVENTS, response);
            return Mono.using(
                    () -> reserve(maxBytes),
                    size -> body.flatMap(bytes -> store(door, headers, bytes, response)),
                    this::release);
        });
    }

    private Mono<Receipt> store(Door door, HttpHeaders headers, byte[] body, HttpHeaders response) {
        return Mono.fromCallable(() -> DeliveryReader.read(door, headers, body))
                .doOnError(this::count)
                .flatMap(event ->
                        quotas.spend(event.organization(), Metered.EVENTS, response, permit -> submit(event, permit)));
    }

    /** What was stored before, or is not stored, is no event more. */
    private Mono<Receipt> submit(NewEvent event, Permit permit) {
        return commit.submit(event).doOnError(error -> permit.giveBack()).doOnNext(receipt -> stored(receipt, permit));
    }

    private void stored(Receipt receipt, Permit permit) {
        if (receipt.duplicate()) {
            permit.giveBack();
            duplicates.increment();
        } else {
            accepted.increment();
        }
    }

    /** Deliveries in memory, in bytes; events that wait for their commit; ids that wait for Redis. */
    public PressureSource pressure() {
        return PressureSource.ofNode(() -> List.of(
                Bound.refusing("ingress.buffered-bytes", maxBuffered, buffered.get()),
                commit.bound(),
                publisher.bound("ingress.unpublished")));
    }

    @Override
    public void close() {
        commit.close();
        publisher.close();
    }

    private int reserve(int size) {
        if (buffered.addAndGet(size) > maxBuffered) {
            buffered.addAndGet(-size);
            throw SluiceException.unavailable("Too many deliveries wait to be stored.", SOON, null);
        }
        return size;
    }

    private void release(int size) {
        buffered.addAndGet(-size);
    }

    private void count(Throwable error) {
        if (error instanceof SluiceException problem && problem.type() == ProblemType.INVALID_SIGNATURE) {
            invalidSignatures.increment();
        }
    }
}
