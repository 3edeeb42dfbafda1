package dev.sluice.executor.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.executor.definition.Workflow;
import dev.sluice.executor.definition.WorkflowDocuments;
import dev.sluice.executor.engine.EvaluationThreads;
import dev.sluice.executor.event.ArrivedEvent;
import dev.sluice.executor.expression.Allowance;
import dev.sluice.executor.gathering.Gathered;
import dev.sluice.executor.gathering.GatheringStore;
import dev.sluice.executor.gathering.Gatherings;
import dev.sluice.executor.gathering.Offer;
import dev.sluice.executor.gathering.SetBounds;
import dev.sluice.executor.gathering.SetMeters;
import dev.sluice.executor.gathering.Waiting;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.Retention;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.pool.ConnectionPool;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.node.ObjectNode;

/** A database with one workflow whose events start it together, and hands that bring it events. */
final class SetDatabase implements AutoCloseable {

    /** Two events of an order, and one of any. */
    static final String ORDERS = """
            document: { dsl: '1.0.3', namespace: n, name: orders, version: '1.0.0' }
            schedule:
              on:
                all:
                  - with: { type: paid }
                    correlate: { order: { from: .data.order } }
                  - with: { type: packed }
                    correlate: { order: { from: .data.order } }
                  - with: { type: lorry }
            do: []
            """;

    /** Events of an order, up to one that closes it. */
    static final String CLOSED = """
            document: { dsl: '1.0.3', namespace: n, name: orders, version: '1.0.0' }
            schedule:
              on:
                any: [ { with: { type: item }, correlate: { order: { from: .data.order } } } ]
                until: { one: { with: { type: closed }, correlate: { order: { from: .data.order } } } }
            do: []
            """;

    /** Three events of an order. */
    static final String TRIPLES = """
            document: { dsl: '1.0.3', namespace: n, name: orders, version: '1.0.0' }
            schedule:
              on:
                any: [ { with: { type: item }, correlate: { order: { from: .data.order } } } ]
                until: length == 3 and (map(.order) | unique | length) == 1
            do: []
            """;

    static final Duration PATIENCE = Duration.ofSeconds(60);

    static final int MOST_OPEN = 1_000;

    static final int MOST_EVENTS = 500;

    static final long MOST_BYTES = 1L << 20;

    final OrganizationId organization = new OrganizationId(UUID.randomUUID());
    final ExecutorDatabase database = new ExecutorDatabase();
    /** Asked for once: a pool is found under a lock, for which nodes must not wait where they write. */
    private final ConnectionPool engine = database.engine();

    final Workflow workflow;
    final AtomicInteger woken = new AtomicInteger();
    final Counter dropped = Counter.builder("dropped").register(new SimpleMeterRegistry());
    final Counter filled = Counter.builder("filled").register(new SimpleMeterRegistry());
    private final EvaluationThreads evaluations =
            EvaluationThreads.together(Allowance.LIMITS, 1, 100, Schedulers.parallel());
    UUID definition = Ids.next();

    SetDatabase(String document) {
        this.workflow =
                WorkflowDocuments.read(document.getBytes(StandardCharsets.UTF_8), WorkflowDocuments.Format.YAML);
        database.sql("insert into workflow.definition (id, organization_id, namespace, name, version, document, digest)"
                + " values ('" + definition + "', '" + organization + "', 'n', 'orders', '1.0.0', '{}', 'd')");
        activate();
    }

    /** As a deployment does. */
    void activate() {
        database.sql("update workflow.gathering set ended = true where not ended");
        database.sql("insert into workflow.gathering (id, organization_id, namespace, name, definition_id) values ('"
                + Ids.next() + "', '" + organization + "', 'n', 'orders', '" + definition + "')");
    }

    /** What one node writes with. */
    AcceptanceStore node() {
        return node(MOST_OPEN);
    }

    AcceptanceStore node(int mostOpen) {
        return new AcceptanceStore(engine, gatherings(mostOpen));
    }

    AcceptanceStore node(SetBounds bounds) {
        return new AcceptanceStore(engine, gatherings(bounds));
    }

    Gatherings gatherings(int mostOpen) {
        return gatherings(new SetBounds(mostOpen, MOST_EVENTS, MOST_BYTES));
    }

    Gatherings gatherings(SetBounds bounds) {
        return new Gatherings(engine, bounds, evaluations, new SetMeters(dropped, filled), woken::incrementAndGet);
    }

    ArrivedEvent event(String type, int order) {
        UUID id = Ids.next();
        ObjectNode envelope = Json.object();
        envelope.put("id", id.toString()).put("type", type).put("source", "urn:test");
        envelope.putObject("data").put("order", order).put("event", id.toString());
        return new ArrivedEvent(organization, id, type, "urn:test", 0, envelope);
    }

    /** What a node makes of events. */
    Acceptance acceptance(ArrivedEvent... events) {
        return acceptance(List.of(events));
    }

    Acceptance acceptance(List<ArrivedEvent> events) {
        List<Offer> offers = events.stream()
                .map(event -> Offer.of(event, definition, workflow))
                .flatMap(Optional::stream)
                .toList();
        return new Acceptance(events, List.of(), offers);
    }

    /** What it comes to when a node hands events over. */
    @CanIgnoreReturnValue
    Gathered accept(AcceptanceStore by, ArrivedEvent... events) {
        return Objects.requireNonNull(by.accept(acceptance(events)).block(PATIENCE))
                .gathered();
    }

    /** The sets that an event of the organization waits in. */
    List<Waiting> waiting(ArrivedEvent event) {
        return Objects.requireNonNull(
                gatherings(1).waiting(organization, event.id()).collectList().block(PATIENCE));
    }

    /**
     * Has a kind of statement fail, such as {@code insert on workflow.run}: what then cannot be accepted has changed nothing, and
     * starts its run when it comes again.
     */
    void losesNothing(Acceptance last, String statement) {
        database.sql("create or replace function workflow.fail() returns trigger language plpgsql as"
                + " 'begin raise exception ''broken'' using errcode = ''57014''; end'");
        database.sql("create trigger fail after " + statement + " for each statement execute function workflow.fail()");
        String before = everything();

        assertThatThrownBy(() -> node().accept(last).block(PATIENCE))
                .as(statement)
                .isInstanceOf(SluiceException.class);

        assertThat(everything()).as(statement).isEqualTo(before);
        database.sql("drop trigger fail on " + statement.substring(statement.indexOf("workflow.")));
        assertThat(Objects.requireNonNull(node().accept(last).block(PATIENCE)).gathered())
                .as(statement)
                .isEqualTo(new Gathered(1, 0));
    }

    private String everything() {
        return value("select string_agg(line, ' ' order by line) from ("
                + "select s::text as line from workflow.open_set s union all select p::text from workflow.set_place p"
                + " union all select i.event_id || i.run_ids::text from workflow.inbox i union all"
                + " select g::text from workflow.gathering g union all select id::text from workflow.run) lines");
    }

    /** Forgets what has waited for 30 days, and gives how many sets went. */
    long sweep() {
        try (var retention = new Retention(database.engine(), List.of(GatheringStore.retention(Duration.ofDays(30))))) {
            return Objects.requireNonNull(retention.sweep().block(PATIENCE));
        }
    }

    String value(String query) {
        return database.value(query);
    }

    String rows(String table) {
        return value("select count(*) from workflow." + table);
    }

    @Override
    public void close() {
        evaluations.dispose();
        database.close();
    }
}
