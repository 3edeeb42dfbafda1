package dev.sluice.executor.engine;

import dev.sluice.executor.definition.RemoteDocuments;
import dev.sluice.executor.definition.RemoteDocuments.Reference;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import java.util.Collection;
import reactor.core.publisher.Mono;

/** Fetches documents elsewhere that tasks refer to. */
@FunctionalInterface
public interface Documents {

    /**
     * Fetches all of these; why one cannot be had is noted with the others. Completes when they are there. Ends with {@link
     * SluiceException} of {@link ProblemType#INVALID_DOCUMENT} when they are more than a workflow may have. Cancelling ends all exchanges.
     */
    Mono<Void> fetch(OrganizationId organization, Collection<Reference> references, RemoteDocuments into);
}
