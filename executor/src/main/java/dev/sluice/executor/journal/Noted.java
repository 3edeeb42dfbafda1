package dev.sluice.executor.journal;

import java.util.List;
import java.util.stream.Stream;

/**
 * An entry on its way to the database, with events of the run's lifecycle that are stored with it, if somebody listens for them.
 *
 * @param before those of what happened since the entry before it
 * @param own    those that it stands for
 */
public record Noted(Entry entry, List<Emission> before, List<Emission> own) {

    public Noted {
        before = List.copyOf(before);
        own = List.copyOf(own);
    }

    /** All of these events, in their order. */
    public List<Emission> told() {
        return Stream.of(before, own).flatMap(List::stream).toList();
    }
}
