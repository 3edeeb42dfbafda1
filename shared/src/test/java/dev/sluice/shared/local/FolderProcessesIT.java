package dev.sluice.shared.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class FolderProcessesIT {
    @TempDir
    private Path folder;

    private Process server;
    private Process service;
    private Process stranger;

    @BeforeEach
    void startOneOfEach() throws IOException {
        Path program = Files.createDirectories(folder.resolve("binaries/bin")).resolve("sleep");
        Files.copy(Path.of("/bin/sleep").toRealPath(), program);
        server = new ProcessBuilder(program.toString(), "60").start();
        service = new ProcessBuilder("/bin/sh", "-c", "sleep 60; :", folder + "/services/gateway.jar").start();
        stranger = new ProcessBuilder("/bin/sleep", "60").start();
        FolderProcesses processes = new FolderProcesses(folder);
        while (processes.servers().isEmpty() || processes.services().isEmpty()) {
            Thread.onSpinWait();
        }
    }

    @AfterEach
    void endAll() {
        List.of(server, service, stranger)
                .forEach(process -> process.destroyForcibly().onExit().join());
    }

    @Test
    void findsServersByTheirProgramAndServicesByTheirJar() {
        FolderProcesses processes = new FolderProcesses(folder);

        assertThat(processes.servers()).containsExactly(server.toHandle());
        assertThat(processes.services()).containsExactly(service.toHandle());
    }

    @Test
    void killsAllOfTheFolderAndNothingElse() {
        new FolderProcesses(folder).killAll();

        assertThat(server.toHandle().onExit()).succeedsWithin(Duration.ofSeconds(5));
        assertThat(service.toHandle().onExit()).succeedsWithin(Duration.ofSeconds(5));
        assertThat(stranger.isAlive()).isTrue();
    }

    @Test
    void theGuardStopsTheServersOnceItsOwnerAndTheServicesAreGone() throws IOException {
        Guard guard = Guard.start();
        guard.server(server.pid());
        guard.service(service.pid());

        guard.loseOwner();
        assertThat(server.toHandle().onExit()).isNotDone();
        service.destroyForcibly().onExit().join();

        assertThat(server.toHandle().onExit()).succeedsWithin(Duration.ofSeconds(10));
    }
}
