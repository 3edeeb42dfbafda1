package dev.sluice.executor.deployment;

import dev.sluice.executor.authentication.Authenticators;
import dev.sluice.executor.definition.RemoteDocuments;
import dev.sluice.executor.definition.RemoteDocuments.Reference;
import dev.sluice.executor.definition.Workflow;
import dev.sluice.executor.definition.WorkflowDocuments;
import dev.sluice.executor.secret.Secrets;
import dev.sluice.shared.outbound.OutboundClient;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import java.net.URI;
import java.util.Collection;
import java.util.Map;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Reads documents that are to be deployed, and those elsewhere that they refer to. Thread-safe. */
public final class DocumentReader {

    /** Documents elsewhere of one workflow. */
    private static final int MOST = 20;

    private static final int MOST_BYTES = 4 << 20;

    /** For documents elsewhere, one after another: as trees they take a hundred times as much memory as bytes. */
    static final Scheduler COMPILING = Schedulers.newBoundedElastic(1, 1_000, "documents", 60, true);

    private final RemoteFetcher fetcher;

    /** Fetches by this client. */
    public DocumentReader(OutboundClient client, Authenticators authenticators, Secrets secrets) {
        this.fetcher = new RemoteFetcher(client, authenticators, secrets);
    }

    /**
     * What was read.
     *
     * @param remote the documents elsewhere that it was compiled with
     */
    record Read(Workflow workflow, Map<URI, byte[]> remote) {}

    /**
     * Reads a document and fetches what it refers to. Ends with {@link ProblemType#INVALID_DOCUMENT} and all that is wrong,
     * what cannot be fetched included; cancelling ends the fetching.
     */
    Mono<Read> read(OrganizationId organization, byte[] body, WorkflowDocuments.Format format) {
        return Mono.defer(() -> again(organization, body, format, new RemoteDocuments()))
                .subscribeOn(Schedulers.boundedElastic());
    }

    private static SluiceException refused(String detail) {
        return new SluiceException(ProblemType.INVALID_DOCUMENT, detail);
    }

    private static int whole(RemoteDocuments remote) {
        return remote.contents().values().stream()
                .mapToInt(content -> content.length)
                .sum();
    }

    /** What is fetched may refer to others. */
    private Mono<Read> again(
            OrganizationId organization, byte[] body, WorkflowDocuments.Format format, RemoteDocuments remote) {
        Workflow workflow = WorkflowDocuments.read(body, format, remote);
        Collection<Reference> missing = remote.missing();
        if (missing.isEmpty()) {
            return Mono.just(new Read(workflow, remote.contents()));
        }
        if (missing.size() + remote.contents().size() > MOST) {
            return Mono.error(() -> refused("The workflow refers to more than " + MOST + " documents elsewhere."));
        }
        return fetcher.fetch(organization, missing, workflow.secrets(), remote)
                .then(Mono.defer(() -> whole(remote) > MOST_BYTES
                                ? Mono.error(() -> refused(
                                        "The documents elsewhere have more than " + MOST_BYTES + " bytes together."))
                                : again(organization, body, format, remote))
                        .subscribeOn(COMPILING));
    }
}
