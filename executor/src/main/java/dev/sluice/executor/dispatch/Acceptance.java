package dev.sluice.executor.dispatch;

import dev.sluice.executor.event.ArrivedEvent;
import dev.sluice.executor.run.NewRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** What is written in one transaction: receipts of events, and all the runs those start. */
record Acceptance(List<ArrivedEvent> events, List<NewRun> runs) {

    /**
     * Splits into statements of bounded size: an event brings its data once for each run it starts.
     *
     * @param maxBytes of the runs' inputs together; one event may have more
     */
    static List<Acceptance> split(List<ArrivedEvent> events, List<NewRun> runs, long maxBytes) {
        Map<UUID, List<NewRun>> byEvent = runs.stream().collect(Collectors.groupingBy(NewRun::eventId));
        List<Acceptance> parts = new ArrayList<>();
        Acceptance part = new Acceptance(new ArrayList<>(), new ArrayList<>());
        long bytes = 0;
        for (ArrivedEvent event : events) {
            List<NewRun> started = byEvent.getOrDefault(event.id(), List.of());
            long size = started.stream().mapToLong(run -> run.input().size()).sum();
            if (bytes + size > maxBytes && !part.events.isEmpty()) {
                parts.add(part);
                part = new Acceptance(new ArrayList<>(), new ArrayList<>());
                bytes = 0;
            }
            part.events.add(event);
            part.runs.addAll(started);
            bytes += size;
        }
        parts.add(part);
        return parts;
    }
}
