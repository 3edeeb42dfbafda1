package dev.sluice.shared.crypto;

import dev.sluice.shared.tenancy.OrganizationId;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Where wrapped data keys are kept, one per organization. */
public interface DataKeyStore {

    /** The organization's key, or an empty Optional while it has none. */
    Mono<Optional<WrappedKey>> find(OrganizationId organization);

    /** Stores the key unless there is one already; emits the one that is stored then, the same for all who race. */
    Mono<WrappedKey> createIfAbsent(OrganizationId organization, WrappedKey key);
}
