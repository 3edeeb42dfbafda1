package dev.sluice.loadtest.compare;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the comparison starts: processes, and servers that are stopped by their own close. None of it outlives the
 * comparison, however that ends short of SIGKILL. Thread-safe.
 */
public final class Children implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Children.class);
    private static final Duration GRACE = Duration.ofSeconds(40);
    private static final Duration POLL = Duration.ofMillis(200);

    private final Deque<AutoCloseable> running = new ConcurrentLinkedDeque<>();
    private final Thread atExit = new Thread(this::stopAll, "children-stop");

    /** None yet. */
    public Children() {
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** A process, and what to read when it does not do as it should. */
    public final class Child implements AutoCloseable {

        private final String name;
        private final Process process;
        private final Path log;

        private Child(String name, Process process, Path log) {
            this.name = name;
            this.process = process;
            this.log = log;
        }

        /** Of the process. */
        public long pid() {
            return process.pid();
        }

        /** Blocks until a GET is answered with 200. */
        public void awaitReady(URI uri, Duration limit) {
            awaitReady(HttpRequest.newBuilder(uri), limit);
        }

        /** Blocks until the request is answered with 200. */
        public void awaitReady(HttpRequest.Builder ready, Duration limit) {
            HttpRequest request = ready.timeout(Duration.ofSeconds(2)).build();
            long start = System.nanoTime();
            // An offer of HTTP/2 would be taken for a web socket by some.
            try (HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
                while (System.nanoTime() - start < limit.toNanos() && process.isAlive()) {
                    if (answers(client, request)) {
                        return;
                    }
                    Thread.sleep(POLL);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new CompareFailure(name + " did not get ready within " + limit.toSeconds() + " s: see " + log + ".");
        }

        /** Blocks until it has ended well. */
        public void awaitEnd(Duration limit) {
            try {
                if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
                    throw new CompareFailure(name + " took longer than " + limit.toSeconds() + " s: see " + log + ".");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CompareFailure("Interrupted.", e);
            } finally {
                close();
                running.remove(this);
            }
            if (process.exitValue() != 0) {
                throw new CompareFailure(name + " ended with status " + process.exitValue() + ": see " + log + ".");
            }
        }

        /** SIGTERM, and SIGKILL for what is left after a grace. */
        @Override
        public void close() {
            List<ProcessHandle> all = process.descendants().toList();
            process.destroy();
            try {
                if (!process.waitFor(GRACE.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                process.destroyForcibly();
            }
            all.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
        }
    }

    /** Starts a command in a folder, with its output in {@code log}. */
    public Child start(String name, Path folder, Path log, Map<String, String> environment, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        try {
            return keep(new Child(name, builder.start(), log));
        } catch (IOException e) {
            throw new CompareFailure(name + " cannot be started: " + e.getMessage() + ".", e);
        }
    }

    /** Has something closed when the rest is stopped. */
    public <T extends AutoCloseable> T keep(T part) {
        running.push(part);
        return part;
    }

    /** Stops everything, what was started last first; blocks. */
    public void stopAll() {
        for (AutoCloseable part = running.poll(); part != null; part = running.poll()) {
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("{} could not be stopped", part, e);
            }
        }
    }

    @Override
    public void close() {
        stopAll();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    private static boolean answers(HttpClient client, HttpRequest request) throws InterruptedException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }
}
