package dev.sluice.executor.deployment;

import dev.sluice.executor.authentication.Authenticators;
import dev.sluice.executor.definition.RemoteDocuments;
import dev.sluice.executor.definition.RemoteDocuments.Reference;
import dev.sluice.executor.definition.Workflow;
import dev.sluice.executor.definition.WorkflowDocuments;
import dev.sluice.executor.engine.Documents;
import dev.sluice.executor.secret.Secrets;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** Reads documents that are to be deployed, and those elsewhere that they refer to, also when a run does so. Thread-safe. */
public final class DocumentReader implements Documents {

    /** Documents elsewhere of one workflow. */
    private static final int MOST = 20;

    private static final int MOST_UNDER_WAY = 4;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final AtomicInteger underWay = new AtomicInteger();
    private final RemoteFetcher fetcher;

    /** Fetches with these credentials. */
    public DocumentReader(Authenticators authenticators, Secrets secrets) {
        this.fetcher = new RemoteFetcher(authenticators, secrets);
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
        return Mono.defer(() -> {
                    Draft draft = new Draft(organization, body, format, new RemoteDocuments());
                    Workflow workflow = draft.compile();
                    Collection<Reference> missing = draft.remote().missing();
                    return missing.isEmpty()
                            ? Mono.just(draft.read(workflow))
                            : admitted(() -> fetched(draft, workflow, missing));
                })
                .subscribeOn(CompilerThreads.ALL);
    }

    @Override
    public Mono<Void> fetch(OrganizationId organization, Collection<Reference> references, RemoteDocuments into) {
        return references.size() + into.contents().size() > MOST
                ? Mono.error(() -> new SluiceException(
                        ProblemType.INVALID_DOCUMENT, "The task refers to more than " + MOST + " documents elsewhere."))
                : fetcher.fetch(organization, references, Set.of(), into);
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared; it only travels through one reading
    private record Draft(
            OrganizationId organization, byte[] body, WorkflowDocuments.Format format, RemoteDocuments remote) {

        Workflow compile() {
            return WorkflowDocuments.read(body, format, remote);
        }

        Read read(Workflow workflow) {
            return new Read(workflow, remote.contents());
        }
    }

    /** What is fetched is in memory until it is compiled. */
    private <T> Mono<T> admitted(Supplier<Mono<T>> work) {
        if (underWay.incrementAndGet() > MOST_UNDER_WAY) {
            underWay.decrementAndGet();
            return Mono.error(SluiceException.unavailable(
                    "Too many workflows with documents elsewhere are being deployed.", RETRY_AFTER, null));
        }
        return Mono.defer(work).doFinally(end -> underWay.decrementAndGet());
    }

    /** What is fetched may refer to others. */
    private Mono<Read> fetched(Draft draft, Workflow workflow, Collection<Reference> missing) {
        if (missing.size() + draft.remote().contents().size() > MOST) {
            return Mono.error(() -> new SluiceException(
                    ProblemType.INVALID_DOCUMENT,
                    "The workflow refers to more than " + MOST + " documents elsewhere."));
        }
        return fetcher.fetch(draft.organization(), missing, workflow.secrets(), draft.remote())
                .then(Mono.defer(() -> again(draft)).subscribeOn(CompilerThreads.ONE));
    }

    private Mono<Read> again(Draft draft) {
        Workflow workflow = draft.compile();
        Collection<Reference> missing = draft.remote().missing();
        return missing.isEmpty() ? Mono.just(draft.read(workflow)) : fetched(draft, workflow, missing);
    }
}
