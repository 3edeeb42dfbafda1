package dev.sluice.executor.dispatch;

import dev.sluice.executor.event.ArrivedEvent;
import dev.sluice.executor.gathering.Offer;
import dev.sluice.executor.run.NewRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What is written in one transaction: receipts of events, all the runs those start by themselves, and what they are to sets
 * that start one together.
 */
record Acceptance(List<ArrivedEvent> events, List<NewRun> runs, List<Offer> offers) {

    /** Conditions that are evaluated in one transaction: others that bring events for the same sets wait meanwhile. */
    static final int MOST_CONDITIONS = 64;

    /**
     * Splits into transactions of bounded size: an event brings its data once for each run it starts.
     *
     * @param maxBytes of the runs' inputs and of what sets take, together; one event may have more, of these and of conditions
     */
    static List<Acceptance> split(List<ArrivedEvent> events, List<NewRun> runs, List<Offer> offers, long maxBytes) {
        Map<UUID, List<Offer>> offered = offers.stream().collect(Collectors.groupingBy(Offer::eventId));
        Map<UUID, List<NewRun>> byEvent = runs.stream().collect(Collectors.groupingBy(NewRun::eventId));
        List<Acceptance> parts = new ArrayList<>();
        Acceptance part = empty();
        long bytes = 0;
        long conditions = 0;
        for (ArrivedEvent event : events) {
            List<NewRun> started = byEvent.getOrDefault(event.id(), List.of());
            List<Offer> taken = offered.getOrDefault(event.id(), List.of());
            long size = started.stream().mapToLong(run -> run.input().size()).sum()
                    + taken.stream().mapToLong(Offer::size).sum();
            long evaluated = taken.stream().filter(Offer::conditional).count();
            boolean over = bytes + size > maxBytes || conditions + evaluated > MOST_CONDITIONS;
            if (over && !part.events.isEmpty()) {
                parts.add(part);
                part = empty();
                bytes = 0;
                conditions = 0;
            }
            part.events.add(event);
            part.runs.addAll(started);
            part.offers.addAll(taken);
            bytes += size;
            conditions += evaluated;
        }
        parts.add(part);
        return parts;
    }

    private static Acceptance empty() {
        return new Acceptance(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }
}
