package dev.sluice.executor.journal;

/** An entry without its payload: enough to tell whether the payload is still needed. */
record Heading(int seq, EntryKind kind, String path) {}
