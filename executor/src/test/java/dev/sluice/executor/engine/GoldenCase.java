package dev.sluice.executor.engine;

import dev.sluice.executor.journal.JournalFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What golden journals are of: one workflow each, and the world it meets, the same in each format that has it. */
enum GoldenCase {
    /** Calls, waits, composite tasks, a loop with checkpoints, and a list that jumps back. */
    TASKS(JournalFormat.TASKS),
    /** Retries with known and unknown outcomes, a call that is never repeated, a wait cut short by its timeout. */
    TRIES(JournalFormat.TASKS),
    /** Branches that join, and branches of which one decides. */
    BRANCHES(JournalFormat.BRANCHES),
    /** A value that is fixed, events emitted and consumed, and a run that is awaited. */
    EVENTS(JournalFormat.EVENTS),
    /** A run that is suspended and resumed, faults and is retried. */
    CONTROL(JournalFormat.EVENTS),
    /** A stream of elements, one after the other and several at a time, and one that fails. */
    STREAMS(JournalFormat.STREAMS),
    /** Documents and schemas that a run fetches, and one that it cannot. */
    DOCUMENTS(JournalFormat.STREAMS);

    /** How many elements a stream has. */
    static final int ELEMENTS = 12;

    /** The events that have arrived when a run begins. */
    static final List<Arrival> ARRIVALS = List.of(
            new Arrival("order.paid", "7"),
            new Arrival("item", "\"a\""),
            new Arrival("item", "\"b\""),
            new Arrival("end", "0"));

    /** Documents elsewhere, by their addresses. */
    static final Map<String, String> DESCRIPTIONS = Map.of(
            "https://docs.example/described.json",
            "{\"openapi\":\"3.0.3\",\"servers\":[{\"url\":\"http://up\"}],\"paths\":{\"/ask\":{\"get\":{\"operationId\":\"ask\"}}}}",
            "https://docs.example/5/schema.json",
            "{\"not\":{\"type\":\"number\"}}");

    /** What each run is started with. */
    static final String INPUT = "{\"number\":5}";

    private final JournalFormat since;

    GoldenCase(JournalFormat since) {
        this.since = since;
    }

    /** An event that arrives. */
    record Arrival(String type, String data) {}

    /** Whether journals of a format can have it. */
    boolean in(JournalFormat format) {
        return format.has(since);
    }

    /** The folder's name. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** How the {@code nth} call of an address is answered, from 1; a call is known by its number everywhere. */
    static GoldenCall.Answer answer(String uri, int nth, int number) {
        String path = uri.substring(uri.lastIndexOf('/') + 1);
        return switch (path) {
            case "flaky" ->
                nth == 1 ? failure(503, false, number) : nth == 2 ? failure(500, true, number) : fine(100, number);
            case "pay" -> failure(500, true, number);
            case "broken" -> nth == 1 ? failure(500, false, number) : fine(100, number);
            case "never" -> new GoldenCall.Answer(0, null, 0, false);
            case "left" -> fine(3000, number);
            default -> fine(100, number);
        };
    }

    private static GoldenCall.Answer fine(int afterMillis, int number) {
        return new GoldenCall.Answer(afterMillis, mark(number), 0, false);
    }

    private static GoldenCall.Answer failure(int status, boolean unknown, int number) {
        return new GoldenCall.Answer(100, mark(number), status, unknown);
    }

    /** What the entry with a call's outcome has, and no other call's. */
    static String mark(int number) {
        return "<" + number + ">";
    }
}
