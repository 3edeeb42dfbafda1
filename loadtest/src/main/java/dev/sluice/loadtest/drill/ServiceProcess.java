package dev.sluice.loadtest.drill;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One boot jar as a process; its log goes to a file. It gets SIGTERM when this process ends, however it ends. Blocks;
 * for one thread at a time.
 */
public final class ServiceProcess implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(5);
    private static final Duration STOP = Duration.ofSeconds(30);
    private static final int TAIL = 40;

    /** The shell becomes the service; what stays of it waits for the end of this process's side of the pipe. */
    private static final String SHELL = """
            exec 3<&0 </dev/null
            (cat <&3 >/dev/null; kill -TERM $$ 2>/dev/null) >/dev/null 2>&1 &
            exec 3<&-
            exec "$@"
            """;

    private final String name;
    private final Process process;
    private final int managementPort;
    private final Path log;

    private ServiceProcess(String name, Process process, int managementPort, Path log) {
        this.name = name;
        this.process = process;
        this.managementPort = managementPort;
        this.log = log;
    }

    /** Starts a jar with these options of Java, these SLUICE_ variables and no inherited ones. */
    static ServiceProcess launch(
            String name, Path jar, List<String> jvm, Map<String, String> variables, int managementPort, Path log) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", SHELL, name));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-jar", jar.toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(variable -> variable.startsWith("SLUICE_"));
        builder.environment().putAll(variables);
        try {
            return new ServiceProcess(name, builder.start(), managementPort, log);
        } catch (IOException e) {
            throw new DrillFailure("The " + name + " cannot be started: " + e.getMessage() + ".", e);
        }
    }

    /** Waits until readiness is 200; fails with the log's end when the process dies or 5 minutes pass. */
    public void awaitReady() {
        long deadline = System.nanoTime() + START.toNanos();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + managementPort + "/actuator/health/readiness"))
                .timeout(Duration.ofSeconds(2))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (!isReady(client, request)) {
                if (process.waitFor(200, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
                    throw new DrillFailure("The " + name + " is not ready:\n" + tail());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DrillFailure("Interrupted.", e);
        }
    }

    /** SIGKILL; fails when the process is not gone after 30 s. */
    public void kill() {
        process.destroyForcibly();
        if (!hasEnded()) {
            throw new DrillFailure("The " + name + " survived SIGKILL.");
        }
    }

    /** SIGSTOP. */
    void pause() {
        Signals.send("STOP", process.pid());
    }

    /** SIGCONT. */
    void resume() {
        Signals.send("CONT", process.pid());
    }

    /** Of the service itself: its shell became it. */
    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** SIGTERM, and SIGKILL when it has not ended in 30 s. */
    @Override
    public void close() {
        process.destroy();
        if (!hasEnded()) {
            kill();
        }
    }

    private boolean hasEnded() {
        try {
            return process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String tail() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static boolean isReady(HttpClient client, HttpRequest request) throws InterruptedException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false; // does not listen yet
        }
    }
}
