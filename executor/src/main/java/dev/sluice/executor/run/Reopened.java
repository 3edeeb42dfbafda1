package dev.sluice.executor.run;

import dev.sluice.executor.engine.Retries;
import dev.sluice.executor.journal.Reopening;
import dev.sluice.executor.journal.RunJournal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * That a run goes on after an end, as its row says it until the journal does.
 *
 * @param number which of the run's reopenings this is, from 1; the journal has it when it has so many
 * @param rerun  whether from a task on everything happens again, rather than what failed alone
 * @param path   of the entry that failed, or of the task's visit
 * @param former how the run had ended; the output is not kept
 */
record Reopened(int number, boolean rerun, @Nullable String path, RunEnd former) {

    private static final String ENDED = "ended";

    boolean missingIn(RunJournal journal) {
        return journal.reopenings().count() < number;
    }

    /** The entry's payload. */
    ObjectNode payload(RunJournal journal) {
        Reopening reopening = rerun ? new Reopening.Rerun(path == null ? "" : path) : Retries.of(journal, path);
        ObjectNode payload = reopening.toJson();
        ObjectNode ended = payload.putObject(ENDED);
        ended.put("status", former.status().text());
        ended.put("seq", former.seq());
        ended.put("at", former.at().toString());
        if (former.error() != null) {
            ended.set("error", former.error());
        }
        return payload;
    }

    /** The end before it, from an entry's payload. */
    static RunEnd former(JsonNode payload) {
        JsonNode ended = payload.path(ENDED);
        return new RunEnd(
                RunStatus.of(ended.path("status").asString()).orElseThrow(),
                null,
                ended.get("error"),
                null,
                ended.path("seq").asInt(),
                Instant.parse(ended.path("at").asString()));
    }
}
