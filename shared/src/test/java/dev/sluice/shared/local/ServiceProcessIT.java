package dev.sluice.shared.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ServiceProcessIT {
    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", System.getenv("PATH"));

    private final Shutdown shutdown = new Shutdown();

    @TempDir
    private Path folder;

    @Test
    void stopsOnSigtermWithoutTellingThatItDied() {
        ServiceProcess service = start("sleep", "60");

        service.stop();

        assertThat(ProcessHandle.of(service.pid())).isEmpty();
        shutdown.request("test");
        shutdown.await();
    }

    @Test
    void tellsWhichServiceDiedAndWhereItsLogIs() {
        ServiceProcess service = start("/bin/sh", "-c", "echo broken; exit 3");

        assertThatExceptionOfType(LocalFailure.class)
                .isThrownBy(shutdown::await)
                .withMessageContaining("The executor ended by itself (exit code 3): see %s", folder);
        assertThat(ProcessHandle.of(service.pid())).isEmpty();
    }

    @Test
    void ignoresTheInterruptThatItsTerminalSendsToEverybody() throws IOException, InterruptedException {
        ServiceProcess service = start("sleep", "60");

        // The shell has set its traps when it has become the service.
        while (!Files.readString(Path.of("/proc/" + service.pid() + "/comm")).startsWith("sleep")) {
            Thread.onSpinWait();
        }
        int sent = new ProcessBuilder("/bin/kill", "-INT", Long.toString(service.pid()))
                .start()
                .waitFor();

        assertThat(sent).isZero();
        assertThat(ProcessHandle.of(service.pid())).isPresent();
        service.stop();
    }

    private ServiceProcess start(String... command) {
        return ServiceProcess.start(
                "executor", List.of(command), ENVIRONMENT, folder.resolve("executor.log"), shutdown);
    }
}
