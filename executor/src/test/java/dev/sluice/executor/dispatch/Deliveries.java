package dev.sluice.executor.dispatch;

import dev.sluice.executor.event.ArrivedEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** Events as three nodes bring them at the same time: each brings all and some twice, in an order and batches of its own. */
final class Deliveries {

    private static final int NODES = 3;
    private static final int LARGEST_BATCH = 12;

    private final Random random;

    Deliveries(Random random) {
        this.random = random;
    }

    /** Blocks until all have brought all. */
    void bring(SetDatabase to, List<ArrivedEvent> events) {
        Flux.range(0, NODES)
                .map(node -> batches(shuffled(events)))
                .flatMap(
                        batches -> Flux.fromIterable(batches)
                                .concatMap(batch ->
                                        to.node().accept(to.acceptance(batch)).subscribeOn(Schedulers.parallel())),
                        NODES)
                .then()
                .block(SetDatabase.PATIENCE);
    }

    private List<ArrivedEvent> shuffled(List<ArrivedEvent> events) {
        List<ArrivedEvent> copy = new ArrayList<>(events);
        Collections.shuffle(copy, random);
        copy.addAll(copy.subList(0, copy.size() / 4));
        return copy;
    }

    /** None has an event twice, as what is read by id. */
    private List<List<ArrivedEvent>> batches(List<ArrivedEvent> events) {
        List<List<ArrivedEvent>> batches = new ArrayList<>();
        for (int from = 0; from < events.size(); ) {
            int to = Math.min(events.size(), from + 1 + random.nextInt(LARGEST_BATCH));
            List<UUID> ids = new ArrayList<>();
            batches.add(events.subList(from, to).stream()
                    .filter(event -> !ids.contains(event.id()) && ids.add(event.id()))
                    .toList());
            from = to;
        }
        return batches;
    }
}
