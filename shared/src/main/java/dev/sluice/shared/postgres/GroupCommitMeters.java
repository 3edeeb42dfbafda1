package dev.sluice.shared.postgres;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.function.IntSupplier;
import reactor.core.publisher.Mono;

/** The instruments of one {@link GroupCommit}; its name is the only tag. */
final class GroupCommitMeters {

    /** Every meter of the feature; the tag {@code name} is the group commit's name. */
    enum Meter {
        /** Items that wait, over all lanes. */
        QUEUE_DEPTH("sluice.groupcommit.queue.depth"),
        /** Items per write. */
        BATCH_SIZE("sluice.groupcommit.batch.size"),
        /** Time of one write, failed ones included. */
        FLUSH("sluice.groupcommit.flush"),
        /** Items refused because the queue was full or closed. */
        REJECTED("sluice.groupcommit.rejected"),
        /** Writes that broke off and had to be read back. */
        READ_BACK("sluice.groupcommit.readback");

        private final String id;

        Meter(String id) {
            this.id = id;
        }

        String id() {
            return id;
        }
    }

    private static final String TAG = "name";

    private final MeterRegistry registry;
    private final DistributionSummary batchSize;
    private final Timer flush;
    private final Counter rejected;
    private final Counter readBack;

    GroupCommitMeters(MeterRegistry registry, String name) {
        this.registry = registry;
        this.batchSize = registry.summary(Meter.BATCH_SIZE.id(), TAG, name);
        this.flush = registry.timer(Meter.FLUSH.id(), TAG, name);
        this.rejected = registry.counter(Meter.REJECTED.id(), TAG, name);
        this.readBack = registry.counter(Meter.READ_BACK.id(), TAG, name);
    }

    void depth(String name, IntSupplier depth) {
        Gauge.builder(Meter.QUEUE_DEPTH.id(), depth, IntSupplier::getAsInt)
                .tag(TAG, name)
                .strongReference(true)
                .register(registry);
    }

    <V> Mono<V> timed(int items, Mono<V> write) {
        return Mono.defer(() -> {
            batchSize.record(items);
            Timer.Sample sample = Timer.start(registry);
            return write.doFinally(signal -> sample.stop(flush));
        });
    }

    void rejected() {
        rejected.increment();
    }

    void readBack() {
        readBack.increment();
    }
}
