package dev.sluice.executor.export;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import dev.sluice.shared.export.ExportKind;
import dev.sluice.shared.export.ExportMeter;
import dev.sluice.shared.export.Exporter;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.PrincipalContext;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * All that executors keep for the caller's organization, as fast as it is read, ended by a line that counts and hashes the others.
 * Only the gateway asks, which looks at that. Thread-safe.
 */
public final class Exports {

    private final TenantTransactions transactions;

    /** On tenant transactions of {@code sluice_api}. */
    public Exports(TenantTransactions transactions) {
        this.transactions = transactions;
    }

    /** The one path. */
    public RouterFunction<ServerResponse> routes() {
        return route().GET("/v1/export", this::export).build();
    }

    private Mono<ServerResponse> export(ServerRequest request) {
        DataBufferFactory buffers = request.exchange().getResponse().bufferFactory();
        return PrincipalContext.current().flatMap(principal -> {
            Flux<DataBuffer> body = lines(principal.organization()).map(buffers::wrap);
            return ServerResponse.ok()
                    .contentType(MediaType.APPLICATION_NDJSON)
                    .body(BodyInserters.fromDataBuffers(body));
        });
    }

    Flux<byte[]> lines(OrganizationId organization) {
        return Flux.defer(() -> {
            ExportMeter meter = new ExportMeter();
            return Exporter.of(organization, transactions)
                    .lines(ExportKinds.ALL)
                    .doOnNext(meter::accept)
                    .concatWith(Mono.fromSupplier(() -> meter.close(ExportMeter.PART, about())));
        });
    }

    private static ObjectNode about() {
        ObjectNode about = Json.object();
        about.put("service", "executor");
        ObjectNode omitted = about.putObject("omitted");
        ExportKinds.ALL.stream().filter(kind -> !kind.omitted().isEmpty()).forEach(kind -> omitted(omitted, kind));
        ExportKinds.LEFT_OUT.forEach((table, reason) -> omitted.put(table, reason));
        return about;
    }

    private static void omitted(ObjectNode omitted, ExportKind kind) {
        ArrayNode fields = omitted.putArray(kind.table());
        kind.omitted().forEach(fields::add);
    }
}
