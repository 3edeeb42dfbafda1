package dev.sluice.executor.run;

import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.executor.Plans;
import org.junit.jupiter.api.Test;

class EndingPlanIT {

    @Test
    void findsTheRunsThatEndByTheirIds() {
        try (ExecutorDatabase database = new ExecutorDatabase()) {
            new Plans(database).assertRunsAreFoundById(EndingStore.END);
        }
    }
}
