package dev.sluice.executor.authentication;

import dev.sluice.shared.outbound.OutboundRequest;
import dev.sluice.shared.outbound.OutboundResponse;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** What one call says of who makes it. */
public interface Credentials {

    /** Of a call that says nothing. */
    Credentials NONE = Optional::empty;

    /** What its first request says; empty where the server is to ask first. */
    Optional<Authorization> authorization();

    /** The request by whoever these are of: it shows the certificate where they are one. Throws {@link
     * IllegalArgumentException} where it cannot be shown. */
    default OutboundRequest identifying(OutboundRequest request) {
        return request;
    }

    /** What another request says once this one was answered with 401; empty when there is nothing else to say. */
    default Mono<Authorization> challenged(OutboundRequest request, OutboundResponse response) {
        return Mono.empty();
    }
}
