package dev.sluice.executor.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.JournalFormat;
import dev.sluice.shared.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A journal as the engine of its format wrote it, in a folder {@code golden/FORMAT/CASE}: {@code workflow.yaml}; {@code
 * journal.ndjson}, the rows of {@code workflow.journal} with all columns; {@code run.json}, the calls that were made and the
 * output.
 *
 * @param rows   one JSON object for each row, as PostgreSQL gave it
 * @param output of the run, as text
 */
record GoldenJournal(String document, List<String> rows, List<GoldenCall> calls, String output) {

    private static final Path ROOT = Path.of("src/test/resources/golden");

    /** Where the journal of a case is in a format. */
    static Path folder(JournalFormat format, GoldenCase scenario) {
        return ROOT.resolve(Integer.toString(format.number())).resolve(scenario.text());
    }

    static String document(JournalFormat format, GoldenCase scenario) {
        try {
            return Files.readString(folder(format, scenario).resolve("workflow.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static GoldenJournal read(JournalFormat format, GoldenCase scenario) {
        Path folder = folder(format, scenario);
        try {
            JsonNode run = Json.read(Files.readAllBytes(folder.resolve("run.json")));
            return new GoldenJournal(
                    document(format, scenario),
                    Files.readAllLines(folder.resolve("journal.ndjson")),
                    StreamSupport.stream(run.path("calls").spliterator(), false)
                            .map(GoldenCall::of)
                            .toList(),
                    run.path("output").asString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Replaces what is in a folder, except the document. */
    void write(Path folder) {
        try {
            Files.write(folder.resolve("journal.ndjson"), rows);
            Files.writeString(folder.resolve("run.json"), run());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rows as the engine reads them. */
    List<Entry> entries() {
        return rows.stream().map(row -> entry(Json.read(row.getBytes(UTF_8)))).toList();
    }

    /** What {@code run.json} says: a line for each call. */
    String run() {
        ArrayNode lines = Json.array();
        calls.forEach(call -> lines.add(call.toJson()));
        ObjectNode run = Json.object().put("output", output);
        run.set("calls", lines);
        return Json.text(run).replace("{\"uri\"", "\n{\"uri\"") + "\n";
    }

    private static Entry entry(JsonNode row) {
        return new Entry(
                row.path("seq").asInt(),
                EntryKind.ofCode(row.path("kind").asInt()),
                row.path("path").asString(),
                row.path("task_type").asString(),
                row.path("place_hash").asInt(),
                Instant.parse(row.path("at").asString()),
                Json.trusted(row.path("payload").asString().getBytes(UTF_8)));
    }
}
