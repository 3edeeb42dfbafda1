package dev.sluice.executor.definition;

import static dev.sluice.executor.definition.Documents.HEAD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.definition.WorkflowDocuments.Format;
import org.junit.jupiter.api.Test;

/** Filters of events that tell what becomes of runs (ADR 53). */
final class LifecycleFiltersTest {

    @Test
    void refusesLifecycleEventsThatNobodyCanListenFor() {
        assertThat(Documents.violations(HEAD + """
                schedule:
                  on:
                    any:
                      - with: { type: io.serverlessworkflow.task.faulted.v1 }
                      - with: { type: 'io.serverlessworkflow.workflow.(completed|faulted).v1' }
                      - with: { type: io.serverlessworkflow.workflow.completed.v1 }
                      - with: { type: 'io.serverlessworkflow.*' }
                      - with: { type: '.*' }
                      - with: { type: io.serverlessworkflow.samples.greeted.v1 }
                do:
                  - listens: { listen: { to: { one: { with: { type: io.serverlessworkflow.task.status-changed.v1 } } } } }
                """, Format.YAML))
                .containsExactly(
                        "9:17 /schedule/on/any/0/with/type the lifecycle event 'io.serverlessworkflow.task.faulted.v1' is not available yet to"
                                + " those who listen; the stream of a run's events tells what happens to its tasks",
                        "10:17 /schedule/on/any/1/with/type patterns of lifecycle events are not available yet: give each type in full",
                        "12:17 /schedule/on/any/3/with/type patterns of lifecycle events are not available yet: give each type in full",
                        "16:47 /do/0/listens/listen/to/one/with/type the lifecycle event"
                                + " 'io.serverlessworkflow.task.status-changed.v1' is not available yet to those who listen;"
                                + " the stream of a run's events tells what happens to its tasks");
    }
}
