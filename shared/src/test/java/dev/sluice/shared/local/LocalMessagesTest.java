package dev.sluice.shared.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalMessagesTest {
    @Test
    void namesThePortInUseAndItsOption() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            Map<String, Integer> ports = Map.of("the gateway (--gateway-port)", taken.getLocalPort());

            assertThatExceptionOfType(LocalFailure.class)
                    .isThrownBy(() -> Ports.requireFree(ports))
                    .withMessage(
                            "Port %d for the gateway (--gateway-port) is in use:"
                                    + " stop what listens there, or choose another.",
                            taken.getLocalPort());
        }
    }

    @Test
    void theBlockHasTheAddressTheKeyAndTwoLinesToPaste() {
        String block =
                ReadyBlock.text("http://127.0.0.1:8080", "sk_x", "127.0.0.1:9900", Path.of(".sluice"), Path.of(""));

        assertThat(block)
                .contains("Gateway       http://127.0.0.1:8080", "Admin API key sk_x", "127.0.0.1:9900")
                .contains("--data-binary @docs/examples/hello.yaml http://127.0.0.1:8080/v1/workflows\n")
                .contains("-H 'Prefer: wait=10'", "/v1/workflows/examples/hello/runs\n");
        assertThat(block.lines().filter(line -> line.strip().startsWith("curl ")))
                .hasSize(2);
    }

    @Test
    void eachServiceGetsOnlyThePasswordsItUses(@TempDir Path folder) {
        LocalOptions options = new LocalOptions(8080, 8081, folder);
        ServiceEnvironment environment = ServiceEnvironment.of(
                options,
                Secrets.in(folder),
                Map.of("SLUICE_POSTGRES_ENGINE_PASSWORD", "e", "SLUICE_POSTGRES_INGEST_PASSWORD", "i"),
                Map.of("SLUICE_OUTBOUND_ALLOW", "127.0.0.1:1", "PATH", "/bin"));

        assertThat(environment.forGateway())
                .doesNotContainKey("SLUICE_POSTGRES_ENGINE_PASSWORD")
                .containsEntry("SLUICE_GATEWAY_MANAGEMENT_PORT", "9080")
                .containsEntry("SLUICE_OUTBOUND_ALLOW", "127.0.0.1:1")
                .containsEntry("SLUICE_BOOTSTRAP_API_KEY", environment.apiKey());
        assertThat(environment.forExecutor())
                .doesNotContainKeys("SLUICE_POSTGRES_INGEST_PASSWORD", "SLUICE_BOOTSTRAP_API_KEY")
                .containsEntry("PATH", "/bin");
        assertThat(environment.toString()).doesNotContain(environment.apiKey());
    }

    @Test
    void signsAsGitHubDocumentsIt() {
        // The example of docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries.
        assertThat(GitHubSignature.of("It's a Secret to Everybody", "Hello, World!".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
    }

    @Test
    void theFirstReasonToStopWins() {
        Shutdown shutdown = new Shutdown();

        shutdown.fail("The gateway ended by itself.");
        shutdown.request("SIGINT");

        assertThatExceptionOfType(LocalFailure.class)
                .isThrownBy(shutdown::await)
                .withMessage("The gateway ended by itself.");
        assertThatExceptionOfType(LocalFailure.class).isThrownBy(() -> shutdown.pause(Duration.ofHours(1)));
    }
}
