package dev.sluice.executor.deployment;

import dev.sluice.executor.definition.EventFilter;
import dev.sluice.executor.definition.Workflow;
import dev.sluice.executor.definition.WorkflowName;
import dev.sluice.executor.gathering.GatheringStore;
import dev.sluice.executor.timer.ScheduleStore;
import dev.sluice.shared.postgres.PostgresErrors;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Result;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** SQL of {@code workflow.definition}, {@code workflow.active} and {@code workflow.trigger}. */
final class DeploymentStore {

    private static final String INSERT = """
            insert into workflow.definition (id, organization_id, namespace, name, version, document, digest, priority)
            values ($1, $2, $3, $4, $5, $6, $7, $8)
            on conflict (organization_id, namespace, name, version) do nothing
            """;

    private static final String INSERT_TRIGGERS = """
            insert into workflow.trigger (definition_id, position, organization_id, type, source)
            select $1, t.position, $2, t.type, t.source
            from unnest($3::int[], $4::text[], $5::text[]) as t(position, type, source)
            """;

    private static final String ACTIVATE = """
            insert into workflow.active as active (organization_id, namespace, name, definition_id)
            values ($1, $2, $3, $4)
            on conflict (organization_id, namespace, name) do update set definition_id = excluded.definition_id
                where active.definition_id <> excluded.definition_id
            """;

    private static final String VERSIONS = """
            select d.id, d.namespace, d.name, d.version, d.digest, d.deployed_at, d.id = a.definition_id as active
            from workflow.definition d join workflow.active a on a.organization_id = d.organization_id
                and a.namespace = d.namespace and a.name = d.name
            where d.organization_id = $1 and d.namespace = $2 and d.name = $3 and ($4::uuid is null or d.id < $4)
            order by d.id desc limit $5
            """;

    private static final String VERSION = """
            select id, namespace, name, version, digest, deployed_at
            from workflow.definition where organization_id = $1 and namespace = $2 and name = $3 and version = $4
            """;

    private static final String LIST = """
            select d.id, d.namespace, d.name, d.version, d.digest, d.deployed_at
            from workflow.active a join workflow.definition d on d.id = a.definition_id
            where a.organization_id = $1 and ($2::text is null or (a.namespace, a.name) > ($2, $3))
            order by a.namespace, a.name limit $4
            """;

    private static final String ACTIVE = """
            select d.id, d.namespace, d.name, d.version, d.digest, d.deployed_at
            from workflow.active a join workflow.definition d on d.id = a.definition_id
            where a.organization_id = $1 and a.namespace = $2 and a.name = $3
            """;

    private static final String DOCUMENT = """
            select document, exists (select from workflow.remote_document r where r.definition_id = d.id) as remote
            from workflow.definition d where id = $1
            """;

    private final TenantTransactions transactions;
    private final ConnectionPool engine;

    DeploymentStore(TenantTransactions transactions, ConnectionPool engine) {
        this.transactions = transactions;
        this.engine = engine;
    }

    /**
     * Stores a version and makes it the active one.
     *
     * @return the version as it is stored: this one, or the one that was there under the same name before
     */
    Mono<Deployment> deploy(
            OrganizationId organization, UUID id, DocumentReader.Read read, byte[] document, ByteBuffer digest) {
        Workflow workflow = read.workflow();
        WorkflowName name = workflow.name();
        return transactions.inTenant(
                organization,
                connection -> insert(connection, organization, id, name, document, digest, workflow.priority())
                        .flatMap(inserted -> inserted == 0
                                ? Mono.empty()
                                : triggers(connection, organization, id, workflow.triggers())
                                        .then(RemoteDocumentStore.insert(connection, organization, id, read.remote()))
                                        .then(activate(connection, organization, id, workflow)))
                        .then(version(connection, organization, name)));
    }

    /** Makes a stored version the active one; nothing happens when it is. */
    Mono<Void> activate(OrganizationId organization, UUID id, Workflow workflow) {
        return transactions.inTenant(organization, connection -> activate(connection, organization, id, workflow));
    }

    /** A version of a workflow, and whether new runs use it. */
    record Version(Deployment deployment, boolean active) {}

    /** The versions of a workflow, the newest first, from before one on. */
    Flux<Version> versions(
            OrganizationId organization, String namespace, String name, @Nullable UUID before, int limit) {
        return transactions.manyInTenant(organization, connection -> {
            var statement = connection
                    .createStatement(VERSIONS)
                    .bind(0, organization.value())
                    .bind(1, namespace)
                    .bind(2, name)
                    .bind(4, limit);
            statement = before == null ? statement.bindNull(3, UUID.class) : statement.bind(3, before);
            return Flux.from(statement.execute())
                    .concatMap(result -> result.map(row ->
                            new Version(deployment(row), Boolean.TRUE.equals(row.get("active", Boolean.class)))));
        });
    }

    /** The active versions by name, from after a name on. */
    Flux<Deployment> list(OrganizationId organization, @Nullable String namespace, @Nullable String name, int limit) {
        return transactions.manyInTenant(organization, connection -> {
            var statement = connection
                    .createStatement(LIST)
                    .bind(0, organization.value())
                    .bind(3, limit);
            statement = namespace == null ? statement.bindNull(1, String.class) : statement.bind(1, namespace);
            statement = name == null ? statement.bindNull(2, String.class) : statement.bind(2, name);
            return deployments(statement.execute());
        });
    }

    /** The active version; one round trip, because each start of a run asks. */
    Mono<Deployment> active(OrganizationId organization, String namespace, String name) {
        return Mono.usingWhen(
                        engine.create(),
                        connection -> deployments(connection
                                        .createStatement(ACTIVE)
                                        .bind(0, organization.value())
                                        .bind(1, namespace)
                                        .bind(2, name)
                                        .execute())
                                .singleOrEmpty(),
                        Connection::close)
                .onErrorMap(PostgresErrors::translate);
    }

    /** One version; empty when the organization never deployed it. */
    Mono<Deployment> version(OrganizationId organization, WorkflowName name) {
        return transactions.inTenant(organization, connection -> version(connection, organization, name));
    }

    /** The open sets of a version whose triggers go together; empty for another, and while it is not active. */
    Mono<GatheringStore.Counts> sets(OrganizationId organization, UUID id) {
        return transactions.inTenant(organization, connection -> GatheringStore.counts(connection, organization, id));
    }

    /** The documents elsewhere that a stored one was compiled with. */
    Mono<Map<URI, byte[]>> remote(UUID id) {
        return RemoteDocumentStore.of(engine, id);
    }

    /**
     * A stored document.
     *
     * @param remote whether it was compiled with documents elsewhere
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared; it only travels to where it is compiled
    record Stored(byte[] document, boolean remote) {}

    /** A stored document. */
    Mono<Stored> document(UUID id) {
        return Mono.usingWhen(
                        engine.create(),
                        connection -> Flux.from(connection
                                        .createStatement(DOCUMENT)
                                        .bind(0, id)
                                        .execute())
                                .concatMap(result -> result.map(row -> new Stored(
                                        Objects.requireNonNull(row.get("document", byte[].class)),
                                        Boolean.TRUE.equals(row.get("remote", Boolean.class)))))
                                .singleOrEmpty(),
                        Connection::close)
                .onErrorMap(PostgresErrors::translate);
    }

    private static Mono<Long> insert(
            Connection connection,
            OrganizationId organization,
            UUID id,
            WorkflowName name,
            byte[] document,
            ByteBuffer digest,
            int priority) {
        return updated(connection
                .createStatement(INSERT)
                .bind(0, id)
                .bind(1, organization.value())
                .bind(2, name.namespace())
                .bind(3, name.name())
                .bind(4, name.version())
                .bind(5, document)
                .bind(6, digest.duplicate())
                .bind(7, priority)
                .execute());
    }

    private static Mono<Long> triggers(
            Connection connection, OrganizationId organization, UUID id, List<EventFilter> triggers) {
        if (triggers.isEmpty()) {
            return Mono.just(0L);
        }
        Integer[] positions = new Integer[triggers.size()];
        Arrays.setAll(positions, index -> index);
        return updated(connection
                .createStatement(INSERT_TRIGGERS)
                .bind(0, id)
                .bind(1, organization.value())
                .bind(2, positions)
                .bind(3, triggers.stream().map(EventFilter::type).toArray(String[]::new))
                .bind(4, triggers.stream().map(EventFilter::source).toArray(String[]::new))
                .execute());
    }

    private static Mono<Void> activate(Connection connection, OrganizationId organization, UUID id, Workflow workflow) {
        return updated(connection
                        .createStatement(ACTIVATE)
                        .bind(0, organization.value())
                        .bind(1, workflow.name().namespace())
                        .bind(2, workflow.name().name())
                        .bind(3, id)
                        .execute())
                .flatMap(changed -> changed == 0 ? Mono.empty() : begin(connection, organization, id, workflow));
    }

    private static Mono<Void> begin(Connection connection, OrganizationId organization, UUID id, Workflow workflow) {
        return ScheduleStore.set(connection, organization, id, workflow)
                .then(Mono.defer(() -> GatheringStore.set(connection, organization, id, workflow)));
    }

    private static Mono<Deployment> version(Connection connection, OrganizationId organization, WorkflowName name) {
        return Mono.defer(() -> deployments(connection
                        .createStatement(VERSION)
                        .bind(0, organization.value())
                        .bind(1, name.namespace())
                        .bind(2, name.name())
                        .bind(3, name.version())
                        .execute())
                .singleOrEmpty());
    }

    private static Mono<Long> updated(Publisher<? extends Result> results) {
        return Flux.from(results).concatMap(result -> result.getRowsUpdated()).reduce(0L, Long::sum);
    }

    private static Flux<Deployment> deployments(Publisher<? extends Result> results) {
        return Flux.from(results).concatMap(result -> result.map(DeploymentStore::deployment));
    }

    private static Deployment deployment(Readable row) {
        return new Deployment(
                Objects.requireNonNull(row.get("id", UUID.class)),
                new WorkflowName(
                        Objects.requireNonNull(row.get("namespace", String.class)),
                        Objects.requireNonNull(row.get("name", String.class)),
                        Objects.requireNonNull(row.get("version", String.class))),
                ByteBuffer.wrap(Objects.requireNonNull(row.get("digest", byte[].class))),
                Objects.requireNonNull(row.get("deployed_at", Instant.class)));
    }
}
