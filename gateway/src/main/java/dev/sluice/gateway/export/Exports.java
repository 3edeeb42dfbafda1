package dev.sluice.gateway.export;

import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.admission.Exchanges;
import dev.sluice.gateway.audit.Audit;
import dev.sluice.gateway.executor.ExecutorClient;
import dev.sluice.shared.export.ExportKind;
import dev.sluice.shared.export.ExportMeter;
import dev.sluice.shared.export.Exporter;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * All that is kept for an organization, by executors and here, as lines that end with a manifest: without that line it was cut off.
 * It goes as fast as it is read; a reader who stalls holds no connection to PostgreSQL. One at a time for each organization, {@value
 * #MAX} in all: the others are refused. Thread-safe.
 */
public final class Exports {

    private static final int MAX = 4;
    private static final Duration LATER = Duration.ofSeconds(30);

    private final TenantTransactions transactions;
    private final ExecutorClient executor;
    private final Exchanges exchanges;
    private final Audit audit;
    private final Clock clock;
    private final Set<OrganizationId> underWay = new HashSet<>();

    /** On tenant transactions of {@code sluice_api}, and from an executor. */
    public Exports(
            TenantTransactions transactions, ExecutorClient executor, Exchanges exchanges, Audit audit, Clock clock) {
        this.transactions = transactions;
        this.executor = executor;
        this.exchanges = exchanges;
        this.audit = audit;
        this.clock = clock;
    }

    /** Of the caller's organization; that it was taken is on record. What the executors have comes first: when none can be asked, that is the answer. */
    Flux<byte[]> of(Caller caller) {
        OrganizationId organization = caller.principal().organization();
        return Flux.using(
                () -> enter(organization),
                entered -> recorded(organization).thenMany(Flux.defer(() -> lines(caller))),
                this::leave);
    }

    private Mono<Void> recorded(OrganizationId organization) {
        return transactions
                .inTenant(
                        organization,
                        connection -> audit.record(
                                        connection,
                                        "organization.export",
                                        "organization:" + organization,
                                        Json.object())
                                .thenReturn(true))
                .then();
    }

    private Flux<byte[]> lines(Caller caller) {
        OrganizationId organization = caller.principal().organization();
        ExportMeter meter = new ExportMeter();
        Instant begun = clock.instant();
        return exchanges
                .during(organization, executor.export(caller.principal()))
                .doOnNext(meter::accept)
                .concatWith(Mono.defer(() -> wholePart(meter)))
                .concatWith(Exporter.of(organization, transactions)
                        .lines(ExportKinds.ALL)
                        .doOnNext(meter::accept))
                .concatWith(
                        Mono.fromSupplier(() -> meter.close(ExportMeter.MANIFEST, about(organization, begun, meter))));
    }

    private static Mono<byte[]> wholePart(ExportMeter meter) {
        return meter.endsWith(ExportMeter.PART)
                ? Mono.empty()
                : Mono.error(() ->
                        new SluiceException(ProblemType.BAD_GATEWAY, "An executor's part of the export broke off."));
    }

    private ObjectNode about(OrganizationId organization, Instant begun, ExportMeter meter) {
        ObjectNode about = Json.object();
        about.put("organization", organization.toString());
        about.put("begunAt", begun.toString());
        about.put("endedAt", clock.instant().toString());
        ObjectNode omitted = about.putObject("omitted");
        meter.part().map(part -> part.path("omitted")).ifPresent(theirs -> add(omitted, theirs));
        ExportKinds.ALL.stream().filter(kind -> !kind.omitted().isEmpty()).forEach(kind -> add(omitted, kind));
        ExportKinds.LEFT_OUT.forEach((table, reason) -> omitted.put(table, reason));
        return about;
    }

    private static void add(ObjectNode omitted, JsonNode theirs) {
        theirs.propertyStream().forEach(each -> omitted.set(each.getKey(), each.getValue()));
    }

    private static void add(ObjectNode omitted, ExportKind kind) {
        ArrayNode fields = omitted.putArray(kind.table());
        kind.omitted().forEach(fields::add);
    }

    private OrganizationId enter(OrganizationId organization) {
        synchronized (underWay) {
            if (underWay.contains(organization) || underWay.size() == MAX) {
                throw new SluiceException(
                        ProblemType.RATE_LIMITED,
                        "An export of this organization is under way, or there are " + MAX + " others at this gateway.",
                        List.of(),
                        Map.of(),
                        LATER,
                        null);
            }
            underWay.add(organization);
        }
        return organization;
    }

    private void leave(OrganizationId organization) {
        synchronized (underWay) {
            underWay.remove(organization);
        }
    }
}
