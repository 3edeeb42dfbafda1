package dev.sluice.loadtest.compare;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What n8n is given; the engine itself is not needed. */
final class N8nPeerTest {

    @TempDir
    private Path folder;

    private final Children children = new Children();
    private Workshop workshop;

    @BeforeEach
    void start() {
        workshop = new Workshop(folder, folder, 25_000, 25_009, children);
    }

    @AfterEach
    void stop() {
        children.close();
    }

    @Test
    void callsTheSimulatorThreeTimesOneAfterAnother() {
        JsonNode workflow = Json.read(workshop.resource("n8n/workflow.json").getBytes(UTF_8))
                .path(0);

        List<String> path = new ArrayList<>();
        for (String node = "in"; !node.isEmpty(); node = next(workflow, node)) {
            path.add(node);
        }
        assertThat(path).containsExactly("in", "c1", "c2", "c3", "out");
        assertThat(workflow.path("nodes"))
                .filteredOn(node -> node.path("type").asString().endsWith(".httpRequest"))
                .hasSize(3)
                .allSatisfy(
                        node -> assertThat(node.path("parameters").path("url").asString())
                                .isEqualTo("http://127.0.0.1:25009/answer"));
    }

    @Test
    void isToldToListenHereAndToAskNobodyElsewhere() throws IOException {
        workshop.unpack("n8n", "n8n.env");

        assertThat(Files.readAllLines(folder.resolve("n8n/n8n.env")))
                .contains(
                        "DB_POSTGRESDB_HOST=127.0.0.1",
                        "N8N_LISTEN_ADDRESS=127.0.0.1",
                        "N8N_RUNNERS_BROKER_LISTEN_ADDRESS=127.0.0.1",
                        "N8N_DIAGNOSTICS_ENABLED=false",
                        "N8N_VERSION_NOTIFICATIONS_ENABLED=false",
                        "N8N_TEMPLATES_ENABLED=false",
                        "N8N_PUBLIC_API_DISABLED=true");
    }

    private static String next(JsonNode workflow, String node) {
        return workflow.path("connections")
                .path(node)
                .path("main")
                .path(0)
                .path(0)
                .path("node")
                .asString("");
    }
}
