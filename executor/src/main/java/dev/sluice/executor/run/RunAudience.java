package dev.sluice.executor.run;

import dev.sluice.executor.definition.LifecycleTypes;
import dev.sluice.executor.journal.Audience;
import dev.sluice.executor.journal.Emission;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.Spoiled;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Those who listen for what happens in one run, besides its start and its ends, which the statements that make them tell. What
 * nobody listens for is not made. Thread-safe.
 */
final class RunAudience implements Audience {

    private final ClaimedRun run;
    private final RunEvents events;
    private final Hearers hearers;
    private final int depth;
    private final boolean speaks;
    private final long looks;

    /**
     * The listeners of a run that is taken up.
     *
     * @param depth  what counts as the run's
     * @param speaks whether anybody may be told
     */
    RunAudience(ClaimedRun run, RunEvents events, Hearers hearers, int depth, boolean speaks) {
        this.run = run;
        this.events = events;
        this.hearers = hearers;
        this.depth = depth;
        this.speaks = speaks;
        this.looks = hearers.begun();
    }

    /** The events that they, and all who watch the run, are told. */
    RunEvents events() {
        return events;
    }

    /** Whether there is anybody. */
    boolean present() {
        return speaks && (asTaken() || !hearers.types(run.organization()).isEmpty());
    }

    /** What was known when the run was taken up counts until somebody has looked since. */
    private boolean asTaken() {
        return run.listeners().more() && !hearers.lookedSince(looks);
    }

    /** But that a task ended well, which it has not before its output is there, or failed by that: whoever runs it tells those. */
    @Override
    public List<Emission> of(Entry entry) {
        return present() && !Spoiled.isOne(entry)
                ? of(events.of(entry).stream()
                        .filter(event -> !event.type().equals(RunEvents.COMPLETED))
                        .toList())
                : List.of();
    }

    /** Those of some events that somebody listens for, and of the changes of status that they tell. */
    List<Emission> of(List<RunEvent> happened) {
        if (!present()) {
            return List.of();
        }
        boolean all = asTaken();
        Set<String> types = hearers.types(run.organization());
        List<Emission> told = new ArrayList<>();
        for (RunEvent event : happened) {
            if (!LifecycleTypes.isOfRun(event.type()) && (all || heard(types, event.type()))) {
                told.add(emission(event));
            }
            String changed = LifecycleTypes.statusChanged(event.type());
            if (all || heard(types, changed)) {
                RunEvent status = events.statusChanged(event);
                if (status != null) {
                    told.add(emission(status));
                }
            }
        }
        return told;
    }

    private static boolean heard(Set<String> types, String type) {
        return types.contains(type) || types.contains(LifecycleTypes.FAMILY);
    }

    private Emission emission(RunEvent event) {
        return Telling.emission(event, depth);
    }
}
