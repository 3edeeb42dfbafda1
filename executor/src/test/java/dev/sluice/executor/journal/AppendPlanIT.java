package dev.sluice.executor.journal;

import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.executor.Plans;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppendPlanIT {

    @ParameterizedTest
    @ValueSource(strings = {JournalAppend.APPEND, JournalAppend.APPEND_EVENTS})
    void findsTheRunsOfEntriesByTheirIds(String statement) {
        try (ExecutorDatabase database = new ExecutorDatabase()) {
            new Plans(database).assertRunsAreFoundById(statement);
        }
    }
}
