package dev.sluice.executor.journal;

import java.util.List;
import reactor.core.publisher.Mono;

/** Where a run's entries are made durable. */
@FunctionalInterface
public interface JournalSink {

    /**
     * Completes when all the entries are committed with the events that are told with them, in one piece. Ends with {@link FencedException} when the run is no
     * longer this node's, and with an error of category capacity while the database is away. Cancelling may or may not
     * take the entries back.
     */
    Mono<Void> append(List<Noted> entries);
}
