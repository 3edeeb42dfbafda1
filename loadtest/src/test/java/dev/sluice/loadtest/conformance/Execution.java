package dev.sluice.loadtest.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.shared.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A run as its public event stream tells of it, from its beginning to its end. Waits, for a bounded time. Thread-safe. */
final class Execution {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String PREFIX = "io.serverlessworkflow.";

    private final Tenant tenant;
    private final String location;
    private final List<TaskEvent> events = new ArrayList<>();
    private final List<JsonNode> heard = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();
    private boolean ended;

    /**
     * Something that happened to a task.
     *
     * @param verb      such as started, completed, faulted or retried
     * @param reference where the task is in the document, such as {@code /do/0/first}
     */
    record TaskEvent(String verb, String reference, JsonNode data) {

        String task() {
            String name = reference.substring(reference.lastIndexOf('/') + 1);
            return name.replace("~1", "/").replace("~0", "~");
        }

        @Override
        public String toString() {
            return reference + " " + verb;
        }
    }

    /** Of a run that was started; the lines of its events are read as they come. */
    Execution(Tenant tenant, String location, Stream<String> lines) {
        this.tenant = tenant;
        this.location = location;
        Thread.ofVirtual().name("events").start(() -> {
            try (lines) {
                lines.filter(line -> line.startsWith("data:")).forEach(line -> heard(line.substring("data:".length())));
            }
        });
    }

    /** Waits until the run has ended. */
    Execution awaitEnd() {
        await(() -> ended, "end");
        return this;
    }

    /** Waits until a task has begun. */
    Execution awaitStart(String task) {
        await(() -> events.stream().anyMatch(event -> is(event, task, "started")), "come to " + task);
        return this;
    }

    /** Asks for the end of the run. */
    void cancel() {
        tenant.post(location + ":cancel");
    }

    /** Has the run stand still, waits until that is told, and has it go on. */
    void suspendAndResume() {
        tenant.post(location + ":suspend");
        await(() -> event("workflow.suspended.v1").isPresent(), "stand still");
        tenant.post(location + ":resume");
    }

    synchronized boolean hasEnded() {
        return ended;
    }

    /** The run as it is now. */
    JsonNode run() {
        return tenant.get(location);
    }

    Duration duration() {
        JsonNode run = run();
        return Duration.between(
                Instant.parse(run.path("startedAt").asString()),
                Instant.parse(run.path("finishedAt").asString()));
    }

    /** Tasks in the order in which they began; one that began again is there again. */
    synchronized List<String> started() {
        return events.stream()
                .filter(event -> event.verb().equals("started"))
                .map(TaskEvent::task)
                .toList();
    }

    /** What happened to a task for the last time. */
    synchronized Optional<TaskEvent> last(String task) {
        return events.reversed().stream()
                .filter(event -> event.task().equals(task))
                .findFirst();
    }

    /** The output of a task's effect, which is in the journal; empty for a task that has none. */
    Optional<JsonNode> output(String task) {
        return journal()
                .path("items")
                .valueStream()
                .filter(entry -> List.of("completed", "emitted", "checkpoint")
                        .contains(entry.path("kind").asString()))
                .filter(entry -> entry.path("task").asString("").endsWith("/" + task))
                .map(entry -> entry.path("payload"))
                .reduce((former, later) -> later);
    }

    /** The data of the first event of a type, such as {@code workflow.started.v1}. */
    synchronized Optional<JsonNode> event(String type) {
        return heard.stream()
                .filter(event -> event.path("type").asString().equals(PREFIX + type))
                .map(event -> event.path("data"))
                .findFirst();
    }

    /** All that is told of the run: itself with its output, its journal, and each event that was heard. */
    synchronized String told() {
        return run() + "\n" + journal() + "\n" + heard;
    }

    private JsonNode journal() {
        return tenant.get(location + "/journal?limit=200");
    }

    @Override
    public synchronized String toString() {
        return location + " " + events;
    }

    private synchronized void heard(String text) {
        JsonNode event = Json.read(text.getBytes(UTF_8));
        if (!ids.add(event.path("id").asString() + ' ' + event.path("type").asString())) {
            // What is in no journal is told again, with the same id, when a run is taken up again.
            return;
        }
        heard.add(event);
        String[] type = event.path("type").asString().substring(PREFIX.length()).split("\\.", -1);
        if (type[0].equals("task")) {
            JsonNode data = event.path("data");
            events.add(new TaskEvent(type[1], data.path("task").asString(), data));
        } else {
            ended = List.of("completed", "faulted", "cancelled").contains(type[1]);
        }
        notifyAll();
    }

    private synchronized void await(BooleanSupplier condition, String what) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
            if (left <= 0) {
                throw new AssertionError("The run did not " + what + " in " + LIMIT + ": " + this);
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    private static boolean is(TaskEvent event, String task, String verb) {
        return event.task().equals(task) && event.verb().equals(verb);
    }
}
