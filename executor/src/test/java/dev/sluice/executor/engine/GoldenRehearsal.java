package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.Hearing;
import dev.sluice.shared.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** A run of a golden case on virtual time: from its beginning, or over a journal from before. */
final class GoldenRehearsal {

    private final GoldenCase scenario;
    private final Rehearsal rehearsal;
    private final List<GoldenCall.Answer> answers = new ArrayList<>();

    private GoldenRehearsal(GoldenCase scenario, String document, List<Entry> journal) {
        this.scenario = scenario;
        this.rehearsal = Rehearsal.ofDocument(document, GoldenCase.INPUT).evaluatingAtOnce();
        rehearsal.stream(GoldenRehearsal::elements);
        rehearsal.documents.contents.putAll(GoldenCase.DESCRIPTIONS);
        GoldenCase.ARRIVALS.forEach(event -> rehearsal.events.arrive(event.type(), event.data()));
        rehearsal.disk.addAll(journal);
        journal.stream()
                .filter(entry -> entry.kind() == EntryKind.HEARD)
                .forEach(entry -> rehearsal.events.consumed(Hearing.of(entry.payload())));
    }

    private static Flux<List<Streamer.Element>> elements(Streamer.Place from) {
        return Flux.range(0, GoldenCase.ELEMENTS)
                .filter(number -> number >= from.record())
                .map(number -> new Streamer.Element(
                        Json.object().put("number", number),
                        new Streamer.Place(NullNode.getInstance(), number + 1L, 0)))
                .buffer(5);
    }

    /** Runs a case from its beginning; what the engine writes meanwhile, without rows of a table. */
    static GoldenRehearsal record(GoldenCase scenario, String document) {
        GoldenRehearsal recording = new GoldenRehearsal(scenario, document, List.of());
        Map<String, Integer> asked = new HashMap<>();
        recording.rehearsal.upstream(call -> {
            GoldenCall.Answer answer =
                    GoldenCase.answer(call.uri(), asked.merge(call.uri(), 1, Integer::sum), call.number());
            recording.answers.add(answer);
            return answer.on(recording.rehearsal.time);
        });
        return recording;
    }

    /** Goes on with a run whose journal has so many rows; {@code world} answers its calls. */
    static GoldenRehearsal over(
            GoldenCase scenario, GoldenJournal golden, int rows, Function<Rehearsal.Call, GoldenCall.Answer> world) {
        List<Entry> journal = golden.entries().subList(0, rows);
        GoldenRehearsal replay = new GoldenRehearsal(scenario, golden.document(), journal);
        Rehearsal rehearsal = replay.rehearsal;
        if (!journal.isEmpty()) {
            rehearsal.time.advanceTimeBy(
                    Duration.between(Rehearsal.START, journal.getLast().at()));
        }
        rehearsal.upstream(call -> world.apply(call).on(rehearsal.time));
        return replay;
    }

    /** Runs to the end, through all that ends an interpreter before. */
    String finish() {
        while (true) {
            try {
                return rehearsal.finish();
            } catch (Parked parked) {
                goOn(parked);
            } catch (TaskFault fault) {
                assertThat(scenario).as("%s", fault.error()).isEqualTo(GoldenCase.CONTROL);
                rehearsal.retry(fault);
            }
        }
    }

    List<Entry> journal() {
        return List.copyOf(rehearsal.disk);
    }

    /** The calls made, each with the entry after which nothing may repeat it. */
    List<GoldenCall> calls() {
        return rehearsal.calls.stream()
                .map(call -> new GoldenCall(
                        call.uri(), call.body(), call.key(), answers.get(call.number()), until(call.number())))
                .toList();
    }

    /** A wait is over; a run that waits for nothing but another has that one end. */
    private void goOn(Parked parked) {
        if (parked.until() == null) {
            rehearsal.children.end(new Children.End(Json.string("from the child"), null));
            return;
        }
        if (scenario == GoldenCase.CONTROL) {
            rehearsal.note(EntryKind.SUSPENDED, Json.object().put("reason", "requested"));
            rehearsal.note(EntryKind.RESUMED, Json.object());
        }
        rehearsal.time.advanceTimeBy(Duration.between(rehearsal.now(), parked.until()));
    }

    /** That of the outcome, or before it that a call begins that shall not be made twice. */
    private int until(int number) {
        Entry settled = rehearsal.disk.stream()
                .filter(entry -> settles(entry, number))
                .findFirst()
                .orElseThrow();
        return rehearsal.disk.stream()
                .filter(entry -> entry.path().equals(settled.path() + "/b"))
                .findFirst()
                .orElse(settled)
                .seq();
    }

    /** The outcome itself, or that another branch has decided. */
    private boolean settles(Entry entry, int number) {
        boolean outcome = entry.kind() == EntryKind.COMPLETED || entry.kind() == EntryKind.FAILED;
        JsonNode payload = entry.payload();
        return answers.get(number).mark() == null
                ? entry.kind() == EntryKind.DECIDED
                : outcome
                        && entry.taskType().equals("call")
                        && Json.text(payload).contains(GoldenCase.mark(number));
    }
}
