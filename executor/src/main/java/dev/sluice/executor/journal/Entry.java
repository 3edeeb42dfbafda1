package dev.sluice.executor.journal;

import java.time.Instant;
import tools.jackson.databind.JsonNode;

/**
 * One line of a run's journal.
 *
 * @param seq       position in the journal, from 1, rising; without gaps while a node owns the run
 * @param path      where in the run's execution; of entries with the same path the last counts
 * @param taskType  keyword of the task that wrote it
 * @param placeHash hash of the task's place in the document
 * @param at        when it was written, which is also the branch's logical time from here on
 * @param payload   depends on the kind
 */
public record Entry(
        int seq, EntryKind kind, String path, String taskType, int placeHash, Instant at, JsonNode payload) {}
