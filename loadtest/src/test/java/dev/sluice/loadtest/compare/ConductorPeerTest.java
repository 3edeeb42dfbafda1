package dev.sluice.loadtest.compare;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.json.Json;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class ConductorPeerTest {

    @TempDir
    private Path folder;

    private final Children children = new Children();

    @AfterEach
    void stop() {
        children.close();
    }

    @Test
    void handsEachStepTheCountOfTheOneBefore() {
        JsonNode workflow = definition(Workload.NINE_STEPS);

        assertThat(workflow.path("name").asString()).isEqualTo("9-steps");
        assertThat(workflow.path("tasks"))
                .hasSize(9)
                .allSatisfy(task -> assertThat(task.path("type").asString()).isEqualTo("INLINE"));
        assertThat(count(workflow, 0)).isEqualTo("${workflow.input.count}");
        assertThat(count(workflow, 8)).isEqualTo("${task8.output.result}");
        JsonNode last = workflow.path("tasks").path(8);
        assertThat(last.path("taskReferenceName").asString()).isEqualTo("task9");
        assertThat(workflow.path("outputParameters").path("answer").asString()).isEqualTo("${task9.output.result}");
    }

    @Test
    void callsTheSimulatorThreeTimes() {
        JsonNode workflow = definition(Workload.THREE_CALLS);

        assertThat(workflow.path("tasks"))
                .hasSize(3)
                .allSatisfy(task -> assertThat(task.path("inputParameters")
                                .path("http_request")
                                .path("uri")
                                .asString())
                        .isEqualTo("http://127.0.0.1:25009/answer"));
        assertThat(workflow.path("outputParameters").path("answer").asString())
                .isEqualTo("${task3.output.response.body}");
    }

    private static String count(JsonNode workflow, int task) {
        return workflow.path("tasks")
                .path(task)
                .path("inputParameters")
                .path("count")
                .asString();
    }

    private JsonNode definition(Workload workload) {
        Workshop workshop = new Workshop(folder, folder, 25_000, 25_009, children);
        return Json.read(new ConductorPeer(workshop).definition(workload).getBytes(UTF_8));
    }
}
