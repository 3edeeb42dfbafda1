package dev.sluice.executor.engine;

import dev.sluice.executor.definition.Deferral;
import dev.sluice.shared.tenancy.OrganizationId;
import java.net.URI;
import java.util.Map;
import reactor.core.publisher.Mono;

/** Compiles on the thread that asks, each time. */
public final class CompiledAtOnce implements Deferrals {

    @Override
    public <T> Mono<T> inTurn(OrganizationId organization, Mono<T> work) {
        return work;
    }

    @Override
    public <T> Mono<Deferral.Outcome<T>> compile(
            Deferral<T> deferral, Map<String, URI> found, Map<URI, byte[]> documents) {
        return Mono.fromSupplier(() -> deferral.compile(found, documents));
    }
}
