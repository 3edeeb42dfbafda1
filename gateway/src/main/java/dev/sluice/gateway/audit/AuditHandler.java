package dev.sluice.gateway.audit;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.audit.AuditStore.Filter;
import dev.sluice.gateway.request.JsonAnswer;
import dev.sluice.gateway.revocation.RevocableStreams;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.web.Page;
import java.nio.charset.StandardCharsets;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** The audit log over HTTP. */
final class AuditHandler {

    private static final MediaType NDJSON = MediaType.APPLICATION_NDJSON;

    private final Audit audit;
    private final RevocableStreams streams;

    AuditHandler(Audit audit, RevocableStreams streams) {
        this.audit = audit;
        this.streams = streams;
    }

    Mono<ServerResponse> list(ServerRequest request) {
        return Mono.fromCallable(() -> Page.of(request))
                .flatMap(page -> audit.page(organization(request), filter(request, page), page.rows())
                        .map(found -> page.document(found, AuditEntry::json, entry -> Long.toString(entry.number()))))
                .flatMap(page -> JsonAnswer.of(HttpStatus.OK, page));
    }

    /** As long as the log is; it goes as fast as it is read, and breaks off when the caller may not any more. */
    Mono<ServerResponse> export(ServerRequest request) {
        var buffers = request.exchange().getResponse().bufferFactory();
        Flux<DataBuffer> lines = streams.download(request.exchange(), audit.all(organization(request)))
                .map(entry -> buffers.wrap((entry.json() + "\n").getBytes(StandardCharsets.UTF_8)));
        return ServerResponse.ok()
                .contentType(NDJSON)
                .header("Cache-Control", "no-store")
                .body(BodyInserters.fromDataBuffers(lines));
    }

    Mono<ServerResponse> verify(ServerRequest request) {
        return audit.verify(organization(request)).flatMap(found -> {
            ObjectNode json = Json.object();
            json.put("entries", found.entries());
            json.put("intact", found.brokenAt().isEmpty());
            json.put("brokenAt", found.brokenAt().orElse(null));
            json.put("forgotten", found.forgotten());
            return JsonAnswer.of(HttpStatus.OK, json);
        });
    }

    private static Filter filter(ServerRequest request, Page page) {
        return new Filter(
                page.beforeNumber(),
                request.queryParam("actor").orElse(null),
                request.queryParam("action").orElse(null));
    }

    private static OrganizationId organization(ServerRequest request) {
        return Authenticated.of(request.exchange()).organization();
    }
}
