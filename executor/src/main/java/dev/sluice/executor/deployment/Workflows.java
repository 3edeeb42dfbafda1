package dev.sluice.executor.deployment;

import dev.sluice.executor.definition.RemoteDocuments;
import dev.sluice.executor.definition.Workflow;
import dev.sluice.executor.definition.WorkflowDocuments;
import dev.sluice.executor.definition.WorkflowName;
import dev.sluice.executor.gathering.GatheringStore;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.pool.ConnectionPool;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The workflows of all organizations: deployed once per version, compiled once per node and kept while they are used.
 * Thread-safe.
 */
public final class Workflows {

    private final DeploymentStore store;
    private final OneByOne oneByOne = new OneByOne();
    private final CompiledWorkflows compiled = new CompiledWorkflows();

    /** Definitions in the given database. */
    public Workflows(TenantTransactions transactions, ConnectionPool engine) {
        this.store = new DeploymentStore(transactions, engine);
    }

    /** A deployment, and whether this request made it. */
    record Deployed(Deployment deployment, boolean created) {}

    /**
     * Deploys a document that was read; new runs use it from its commit on. The same document again changes nothing; another
     * one under the same version is a {@link ProblemType#CONFLICT}.
     */
    Mono<Deployed> deploy(OrganizationId organization, DocumentReader.Read read) {
        UUID id = Ids.next();
        Workflow workflow = read.workflow();
        byte[] document = Json.bytes(workflow.source());
        ByteBuffer digest = ByteBuffer.wrap(Ids.sha256().digest(document));
        return store.deploy(organization, id, read, document, digest).map(deployment -> {
            if (!deployment.digest().equals(digest)) {
                throw conflict(deployment);
            }
            return new Deployed(deployment, deployment.id().equals(id));
        });
    }

    /**
     * Has new runs use a version that is deployed already; its schedule begins anew. Runs under way keep theirs. {@link
     * ProblemType#NOT_FOUND} when the organization never deployed it.
     */
    Mono<Deployment> activate(OrganizationId organization, WorkflowName name) {
        return version(organization, name)
                .flatMap(deployment -> compiled(deployment.id())
                        .flatMap(workflow -> store.activate(organization, deployment.id(), workflow))
                        .thenReturn(deployment));
    }

    /** The versions of a workflow, the newest first, before a given one; none when there is no such workflow. */
    Flux<DeploymentStore.Version> versions(
            OrganizationId organization, String namespace, String name, @Nullable UUID before, int limit) {
        return store.versions(organization, namespace, name, before, limit);
    }

    /** The active versions, in the order of their names, after a given one. */
    Flux<Deployment> list(OrganizationId organization, @Nullable String namespace, @Nullable String name, int limit) {
        return store.list(organization, namespace, name, limit);
    }

    /** The version that new runs use; {@link ProblemType#NOT_FOUND} when the organization has no such workflow. */
    Mono<Deployment> active(OrganizationId organization, String namespace, String name) {
        return store.active(organization, namespace, name)
                .switchIfEmpty(Mono.error(() -> SluiceException.notFound("Workflow " + namespace + "/" + name)));
    }

    /** One version; {@link ProblemType#NOT_FOUND} when the organization never deployed it. */
    Mono<Deployment> version(OrganizationId organization, WorkflowName name) {
        return store.version(organization, name)
                .switchIfEmpty(Mono.error(
                        () -> SluiceException.notFound("Version " + name.version() + " of workflow " + name.path())));
    }

    /** The open sets of a version whose triggers go together; empty for another, and while it is not active. */
    Mono<GatheringStore.Counts> sets(OrganizationId organization, Deployment deployment) {
        return store.sets(organization, deployment.id());
    }

    /** The compiled form of a deployed document. */
    public Mono<Workflow> compiled(UUID definitionId) {
        return compiled.get(definitionId, () -> load(definitionId));
    }

    private Mono<CompiledWorkflows.Kept> load(UUID definitionId) {
        return store.document(definitionId)
                .switchIfEmpty(Mono.error(() -> new IllegalStateException("Definition " + definitionId + " is gone")))
                .flatMap(stored -> stored.remote()
                        // Megabytes of documents elsewhere, and a hundred times as much as trees.
                        ? oneByOne.inTurn(store.remote(definitionId)
                                .publishOn(CompilerThreads.ALL)
                                .map(contents -> compile(stored.document(), contents)))
                        : Mono.fromSupplier(() -> compile(stored.document(), Map.of()))
                                .subscribeOn(CompilerThreads.ALL));
    }

    private static CompiledWorkflows.Kept compile(byte[] document, Map<URI, byte[]> contents) {
        RemoteDocuments remote = new RemoteDocuments();
        contents.forEach(remote::put);
        Workflow workflow = WorkflowDocuments.compile(Json.trusted(document), remote);
        long elsewhere =
                contents.values().stream().mapToLong(content -> content.length).sum();
        return new CompiledWorkflows.Kept(workflow, document.length + elsewhere);
    }

    private static SluiceException conflict(Deployment deployment) {
        return new SluiceException(
                ProblemType.CONFLICT,
                "Version " + deployment.name().version() + " of "
                        + deployment.name().path() + " is deployed with another content. Raise document.version.");
    }
}
