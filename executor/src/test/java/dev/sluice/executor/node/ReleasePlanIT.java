package dev.sluice.executor.node;

import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.executor.Plans;
import org.junit.jupiter.api.Test;

class ReleasePlanIT {

    @Test
    void findsTheRunsOfDeadNodesByThem() {
        try (ExecutorDatabase database = new ExecutorDatabase()) {
            new Plans(database).assertRunsAreFoundByNode(NodeStore.RELEASE);
        }
    }
}
