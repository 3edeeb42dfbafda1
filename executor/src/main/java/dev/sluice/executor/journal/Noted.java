package dev.sluice.executor.journal;

import java.util.List;

/**
 * An entry on its way to the database.
 *
 * @param told events of the run's lifecycle that are stored with it, if somebody listens for them: those that it stands for, and
 *             those of what happened since the entry before it
 */
public record Noted(Entry entry, List<Emission> told) {

    public Noted {
        told = List.copyOf(told);
    }
}
