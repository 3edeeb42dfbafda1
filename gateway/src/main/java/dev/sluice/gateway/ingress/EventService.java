package dev.sluice.gateway.ingress;

import dev.sluice.gateway.admission.Exchanges;
import dev.sluice.gateway.executor.ExecutorClient;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.masking.Masking;
import dev.sluice.shared.masking.Maskings;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.web.Page;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Shows the events of an organization and what became of them. Thread-safe. */
public final class EventService {

    private static final Logger LOG = LoggerFactory.getLogger(EventService.class);
    private static final String NOTE = "No executor could be asked what became of this event; it is stored and safe.";

    private final IngressStore store = new IngressStore();
    private final TenantTransactions transactions;
    private final ExecutorClient executor;
    private final Exchanges exchanges;
    private final Maskings maskings;

    /** Events from the tables of {@code sluice_api}, their runs from an executor. */
    public EventService(
            TenantTransactions transactions, ExecutorClient executor, Exchanges exchanges, Maskings maskings) {
        this.transactions = transactions;
        this.executor = executor;
        this.exchanges = exchanges;
        this.maskings = maskings;
    }

    Mono<List<ReceivedEvent>> list(Principal reader, Page page) {
        OrganizationId organization = reader.organization();
        return transactions.inTenant(organization, connection -> store.listEvents(connection, organization, page));
    }

    /** The event with its runs; without them, and with a note, while no executor answers. */
    Mono<ObjectNode> find(Principal reader, UUID id) {
        OrganizationId organization = reader.organization();
        return transactions
                .inTenant(organization, connection -> store.findEvent(connection, organization, id))
                .flatMap(found -> found.map(event -> Mono.zip(
                                runs(reader, id), maskings.of(reader), (runs, masking) -> render(event, runs, masking)))
                        .orElseGet(() -> emitted(reader, id)));
    }

    /** An event that a run emitted is the executors'. */
    private Mono<ObjectNode> emitted(Principal reader, UUID id) {
        return exchanges
                .within(reader.organization(), executor.runsOf(reader, id))
                .onErrorMap(error -> !(error instanceof SluiceException), EventService::unanswered)
                .map(answer -> emitted(id, answer));
    }

    private static SluiceException unanswered(Throwable cause) {
        return SluiceException.unavailable(
                "No executor could be asked whether a run emitted this event.", Duration.ofSeconds(2), cause);
    }

    private static ObjectNode emitted(UUID id, JsonNode answer) {
        ObjectNode json = Json.object();
        json.put("id", id.toString());
        JsonNode event = answer.path("event");
        for (String attribute : List.of("type", "source", "subject", "time", "data")) {
            if (event.has(attribute)) {
                json.set(attribute, event.path(attribute));
            }
        }
        json.set("received", answer.path("received"));
        json.set("workflows", answer.path("workflows"));
        return json;
    }

    private Mono<Optional<JsonNode>> runs(Principal reader, UUID id) {
        Mono<JsonNode> runs = exchanges.within(reader.organization(), executor.runsOf(reader, id));
        return runs.map(Optional::of).onErrorResume(error -> {
            LOG.atDebug().addKeyValue("event", id).setCause(error).log("no executor could be asked");
            return Mono.just(Optional.empty());
        });
    }

    private static ObjectNode render(ReceivedEvent event, Optional<JsonNode> runs, Masking masking) {
        ObjectNode json = event.json(masking);
        if (runs.isEmpty()) {
            json.putNull("received");
            json.set("workflows", Json.array());
            return json.put("note", NOTE);
        }
        json.set("received", runs.get().path("received"));
        json.set("workflows", runs.get().path("workflows"));
        if (runs.get().has("deadLetter")) {
            json.set("deadLetter", runs.get().path("deadLetter"));
        }
        return json;
    }
}
