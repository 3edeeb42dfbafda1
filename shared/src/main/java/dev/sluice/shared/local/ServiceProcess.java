package dev.sluice.shared.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One service as a child process. The shell around it keeps two promises: Ctrl-C reaches the launcher alone (the
 * service ignores SIGINT and SIGHUP, which HotSpot respects), so that the order of stopping is the launcher's; and the
 * service gets SIGTERM when the launcher's end of its standard input closes, which {@code kill -9} does as well.
 */
final class ServiceProcess {
    private static final Duration GRACE = Duration.ofSeconds(30);
    private static final Duration READY = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final String SHELL = """
            trap '' INT HUP
            exec 3<&0 </dev/null
            (cat <&3 >/dev/null; kill -TERM $$ 2>/dev/null) >/dev/null 2>&1 &
            exec 3<&-
            exec "$@"
            """;

    private final String name;
    private final Process process;
    private final Path log;
    private final Shutdown shutdown;
    private volatile boolean stopping;

    private ServiceProcess(String name, Process process, Path log, Shutdown shutdown) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.shutdown = shutdown;
    }

    /** Starts {@code command}; when it ends before {@link #stop}, {@code shutdown} learns which service and why. */
    static ServiceProcess start(
            String name, List<String> command, Map<String, String> environment, Path log, Shutdown shutdown) {
        List<String> wrapped = new ArrayList<>(List.of("/bin/sh", "-c", SHELL, name));
        wrapped.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(wrapped).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            var service = new ServiceProcess(name, builder.start(), log, shutdown);
            Thread.ofPlatform().daemon().name(name + "-watch").start(service::watch);
            return service;
        } catch (IOException e) {
            throw new LocalFailure("The " + name + " cannot be started: " + e.getMessage() + ".", e);
        }
    }

    private void watch() {
        int exitCode = process.onExit().join().exitValue();
        if (!stopping) {
            shutdown.failUnlessRequested(
                    "The " + name + " ended by itself (exit code " + exitCode + "): see " + log + ".");
        }
    }

    /** Blocks until {@code GET readiness} answers 200. */
    void awaitReady(HttpClient client, URI readiness) {
        HttpRequest request =
                HttpRequest.newBuilder(readiness).timeout(Duration.ofSeconds(2)).build();
        long start = System.nanoTime();
        while (System.nanoTime() - start < READY.toNanos()) {
            if (isReady(client, request)) {
                return;
            }
            shutdown.pause(POLL);
        }
        throw new LocalFailure(
                "The " + name + " was not ready within " + READY.toSeconds() + " seconds: see " + log + ".");
    }

    static boolean isReady(HttpClient client, HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalFailure("Interrupted.", e);
        }
    }

    /** SIGTERM, and after 30 seconds SIGKILL; blocks until the process is gone. */
    void stop() {
        stopping = true;
        process.destroy();
        try {
            if (!process.waitFor(GRACE.toSeconds(), TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            kill();
        }
    }

    void kill() {
        stopping = true;
        process.destroyForcibly();
    }

    long pid() {
        return process.pid();
    }
}
