package dev.sluice.executor.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.executor.definition.RemoteDocuments;
import dev.sluice.executor.definition.Task;
import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.definition.TaskList;
import dev.sluice.executor.definition.Workflow;
import dev.sluice.executor.definition.WorkflowDocuments;
import dev.sluice.executor.expression.Allowance;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.FencedException;
import dev.sluice.executor.journal.Reopening;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.JsonNode;

/** One run on virtual time: its journal outlives interpreters, so that a crash is a new interpreter over the same journal. */
final class Rehearsal {

    static final int MAX_DEPTH = 8;
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final Map<String, JsonNode> secrets = new HashMap<>();
    final ScriptedEvents events = new ScriptedEvents();
    final ScriptedChannel channels = new ScriptedChannel();
    final ScriptedDocuments documents = new ScriptedDocuments();
    final ScriptedChildren children = new ScriptedChildren(events::ring);
    private final RehearsedJournal journal = new RehearsedJournal(clock(), events::consumed);
    private final HeardLifecycle lifecycle = new HeardLifecycle(journal);
    private final ScriptedCalls caller = new ScriptedCalls();
    final List<Entry> disk = journal.entries;
    final List<String> heard = lifecycle.heard;
    final List<Call> calls = caller.made;
    private final Workflow workflow;
    private final JsonNode input;
    private @Nullable Interpreter last;
    private Streamer.Source stream = from -> Flux.empty();
    private boolean elsewhere;
    private int depth;
    private int generation;
    private @Nullable Duration haltAfter;
    private @Nullable String origin;

    /** One call as the upstream sees it; calls are numbered from 0. */
    record Call(int number, String uri, @Nullable JsonNode body, String key) {}

    private Rehearsal(Workflow workflow, JsonNode input, boolean elsewhere) {
        this.workflow = workflow;
        this.input = input;
        this.elsewhere = elsewhere;
    }

    static Rehearsal of(String tasks, String input) {
        String document = """
                document:
                  dsl: '1.0.3'
                  namespace: test
                  name: rehearsal
                  version: '1.0.0'
                """;
        return ofDocument(document + tasks, input);
    }

    /** A run of a whole document. In half of all documents nothing is evaluated where it is asked for. */
    static Rehearsal ofDocument(String document, String input) {
        return new Rehearsal(
                WorkflowDocuments.read(document.getBytes(UTF_8), WorkflowDocuments.Format.YAML, documents()),
                Json.read(input.getBytes(UTF_8)),
                (document.hashCode() & 1) == 0);
    }

    private static RemoteDocuments documents() {
        RemoteDocuments documents = new RemoteDocuments();
        documents.put(ScriptedChannel.DOCUMENT, ScriptedChannel.DESCRIPTION.getBytes(UTF_8));
        return documents;
    }

    /** Evaluates where it is asked for, so that branches take turns in the order of the document. */
    @CanIgnoreReturnValue
    Rehearsal evaluatingAtOnce() {
        elsewhere = false;
        return this;
    }

    @CanIgnoreReturnValue
    Rehearsal upstream(Function<Call, Mono<JsonNode>> answers) {
        caller.upstream = answers;
        return this;
    }

    /** What streams read. */
    @CanIgnoreReturnValue
    Rehearsal stream(Streamer.Source source) {
        stream = source;
        return this;
    }

    /** Has somebody listen for what happens to tasks, as it is stored with entries. */
    @CanIgnoreReturnValue
    Rehearsal listened() {
        journal.listened();
        return this;
    }

    /** What those who listen have been told by now. */
    List<String> committed() {
        return journal.committed();
    }

    /** What those who listen have been told, each event once, with what the run's end would bring. */
    List<String> stored() {
        return journal.stored();
    }

    /** Lets so many appends through; the next one finds the run owned by another node. */
    @CanIgnoreReturnValue
    Rehearsal crashAfter(int appends) {
        journal.crashAfter(appends);
        return this;
    }

    /** Makes it a run that so many others led to. */
    @CanIgnoreReturnValue
    Rehearsal depth(int runs) {
        depth = runs;
        return this;
    }

    /** Has the next interpreter halt after a time. */
    @CanIgnoreReturnValue
    Rehearsal haltAfter(Duration time) {
        haltAfter = time;
        return this;
    }

    /** How many appends there were. */
    int appends() {
        return journal.appends();
    }

    /** Lets all appends through from now on. */
    void recover() {
        journal.recover();
    }

    /** A new interpreter over what the journal holds. */
    Mono<JsonNode> run() {
        EngineSettings settings = settings();
        Mono<Void> halt =
                haltAfter == null ? Mono.never() : Mono.delay(haltAfter, time).then();
        haltAfter = null;
        World world = new World(
                caller,
                (call, invocation) -> Mono.just(stream),
                documents,
                channels,
                events,
                children,
                events.bell(),
                (organization, names) -> Mono.just(Map.copyOf(secrets)));
        Interpreter interpreter =
                new Interpreter(workflow, facts(), journal.open(), world, lifecycle, () -> true, settings);
        last = interpreter;
        return interpreter.run(halt);
    }

    /** Runs to its fault. */
    @CanIgnoreReturnValue
    TaskFault fails() {
        TaskFault fault = assertThatExceptionOfType(TaskFault.class)
                .isThrownBy(this::finish)
                .actual();
        origin = fault.origin();
        return fault;
    }

    /** Runs to where the run is another node's. */
    void dies() {
        assertThatExceptionOfType(FencedException.class).isThrownBy(this::finish);
    }

    /** Runs to where all of it waits; until when, unless something happens before. */
    @CanIgnoreReturnValue
    @Nullable
    Instant parks() {
        return assertThatExceptionOfType(Parked.class)
                .isThrownBy(this::finish)
                .actual()
                .until();
    }

    /** Runs to where it was to halt. */
    void halts() {
        assertThatExceptionOfType(Suspended.class).isThrownBy(this::finish);
    }

    void retry(TaskFault fault) {
        origin = fault.origin();
        retry();
    }

    /** What the owner of a run writes that somebody retries. */
    void retry() {
        reopen(Retries.of(journal.open(), origin));
    }

    /** What the owner of a run writes that somebody runs again from a task. */
    void rerun(String reference) {
        reopen(new Reopening.Rerun(firstVisit(reference).orElseThrow()));
        generation++;
    }

    /** Where the run came to a task first; the checkpoints of what is around it do not count. */
    Optional<String> firstVisit(String reference) {
        TaskBase task = Objects.requireNonNull(tasks(workflow.tasks()).get(reference), reference);
        List<Entry> entries = disk.stream()
                .filter(entry -> entry.kind() != EntryKind.CHECKPOINT
                        || tasks(workflow.tasks()).values().stream()
                                .noneMatch(base -> base.placeHash() == entry.placeHash()
                                        && reference.startsWith(base.reference() + "/")))
                .toList();
        Mono<String> visit = Search.firstVisit(workflow, facts(), entries, task, now(), settings())
                .cache();
        var subscription = visit.subscribe(path -> {}, error -> {});
        time.advanceTimeBy(Duration.ofMillis(1));
        assertThat(subscription.isDisposed()).isTrue();
        return visit.blockOptional(Duration.ofSeconds(5));
    }

    /** The keys of calls of an address that ends so, in the order of the calls. */
    List<String> keys(String uri) {
        return calls.stream()
                .filter(call -> call.uri().endsWith(uri))
                .map(Call::key)
                .toList();
    }

    Instant now() {
        return clock().instant();
    }

    private void reopen(Reopening reopening) {
        time.advanceTimeBy(Duration.ofSeconds(1));
        note(EntryKind.REOPENED, reopening.toJson());
    }

    /** What the owner of a run writes about it as a whole. */
    void note(EntryKind kind, JsonNode payload) {
        journal.note(kind, payload);
    }

    private RunFacts facts() {
        return new RunFacts(new OrganizationId(new UUID(0, 1)), new UUID(1, 2), generation, START, input, null, depth);
    }

    private EngineSettings settings() {
        return new EngineSettings(
                time,
                clock(),
                Duration.ofSeconds(30),
                Duration.ofMinutes(1),
                new IdempotencyKeys(new byte[32]),
                evaluations(),
                new CompiledAtOnce(),
                MAX_DEPTH);
    }

    private EvaluationThreads evaluations() {
        return EvaluationThreads.of(Allowance.LIMITS, elsewhere ? 1 : 10_000, new Immediately(), 1, 1_000, time);
    }

    private static Map<String, TaskBase> tasks(TaskList list) {
        Map<String, TaskBase> tasks = new HashMap<>();
        for (Task task : list.tasks()) {
            tasks.put(task.base().reference(), task.base());
            if (task instanceof Task.Do composite) {
                tasks.putAll(tasks(composite.tasks()));
            }
        }
        return tasks;
    }

    /** Runs to the end on virtual time, moving it on as long as nothing has come out. */
    String finish() {
        Mono<JsonNode> result = run().cache();
        var subscription = result.subscribe(value -> {}, error -> {});
        for (int i = 0; i < 10_000 && !subscription.isDisposed(); i++) {
            time.advanceTimeBy(Duration.ofMillis(100));
        }
        return Json.text(Objects.requireNonNull(result.block(Duration.ofSeconds(5))));
    }

    Clock clock() {
        InstantSource source = () -> START.plusNanos(time.now(TimeUnit.NANOSECONDS));
        return source.withZone(ZoneOffset.UTC);
    }

    /** Tasks that the last interpreter has left as they were. */
    List<String> left() {
        return Objects.requireNonNull(last).left();
    }

    /** The tasks under way, as they are known without an interpreter that has the run. */
    List<String> underWay() {
        Mono<List<String>> found = Search.underWay(workflow, facts(), List.copyOf(disk), settings())
                .cache();
        var subscription = found.subscribe(tasks -> {}, error -> {});
        time.advanceTimeBy(Duration.ofMillis(1));
        assertThat(subscription.isDisposed()).isTrue();
        return Objects.requireNonNull(found.block(Duration.ofSeconds(5)));
    }
}
