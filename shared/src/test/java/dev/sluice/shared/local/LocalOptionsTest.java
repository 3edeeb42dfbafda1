package dev.sluice.shared.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LocalOptionsTest {
    @Test
    void hasDefaults() {
        assertThat(LocalOptions.parse(List.of())).isEqualTo(new LocalOptions(8080, 8081, Path.of(".sluice")));
    }

    @Test
    void readsBothForms() {
        LocalOptions options =
                LocalOptions.parse(List.of("--gateway-port", "7000", "--executor-port=7001", "--data", "/tmp/x"));

        assertThat(options).isEqualTo(new LocalOptions(7000, 7001, Path.of("/tmp/x")));
        assertThat(options.gatewayManagementPort()).isEqualTo(8000);
        assertThat(options.executorManagementPort()).isEqualTo(8001);
    }

    @ParameterizedTest
    @CsvSource({
        "--port=1, Unknown option --port",
        "--gateway-port=http, --gateway-port is http",
        "--gateway-port=0, --gateway-port is 0",
        "--executor-port=65000, --executor-port is 65000",
        "--executor-port=8080, are both 8080",
        "--executor-port=9080, are 1000 apart",
        "--data, needs a value",
        "--data=, needs a value"
    })
    void refusesInOneSentence(String argument, String message) {
        assertThatExceptionOfType(LocalFailure.class)
                .isThrownBy(() -> LocalOptions.parse(List.of(argument)))
                .withMessageContaining(message);
    }
}
