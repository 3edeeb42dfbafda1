package dev.sluice.gateway.export;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.revocation.RevocableStreams;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.problem.SluiceException;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Exports over HTTP. */
final class ExportHandler {

    private final Exports exports;
    private final PersonExports people;
    private final RevocableStreams streams;

    ExportHandler(Exports exports, PersonExports people, RevocableStreams streams) {
        this.exports = exports;
        this.people = people;
        this.streams = streams;
    }

    Mono<ServerResponse> organization(ServerRequest request) {
        return download(request, "organization", exports.of(Authenticated.caller(request.exchange())));
    }

    Mono<ServerResponse> account(ServerRequest request) {
        return download(request, "account", people.own(Authenticated.caller(request.exchange())));
    }

    Mono<ServerResponse> member(ServerRequest request) {
        return Mono.fromCallable(() ->
                        Ids.parse(request.pathVariable("id")).orElseThrow(() -> SluiceException.notFound("The member")))
                .flatMap(
                        id -> download(request, "member", people.member(Authenticated.caller(request.exchange()), id)));
    }

    private Mono<ServerResponse> download(ServerRequest request, String name, Flux<byte[]> lines) {
        DataBufferFactory buffers = request.exchange().getResponse().bufferFactory();
        Flux<DataBuffer> body = streams.download(request.exchange(), lines).map(buffers::wrap);
        return ServerResponse.ok()
                .contentType(MediaType.APPLICATION_NDJSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + name + ".ndjson\"")
                .body(BodyInserters.fromDataBuffers(body));
    }
}
