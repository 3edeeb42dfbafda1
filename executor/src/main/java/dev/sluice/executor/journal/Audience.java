package dev.sluice.executor.journal;

import java.util.List;

/** Those who listen for what happens in a run beyond its start and its ends. Must be quick and must not fail. */
@FunctionalInterface
public interface Audience {

    /** Nobody listens. */
    Audience NOBODY = entry -> List.of();

    /** The events that are to be stored in the transaction that commits an entry; none for entries that tell nobody anything. */
    List<Emission> of(Entry entry);
}
