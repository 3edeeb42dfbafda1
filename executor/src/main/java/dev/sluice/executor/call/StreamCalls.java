package dev.sluice.executor.call;

import dev.sluice.executor.authentication.Authenticators;
import dev.sluice.executor.authentication.Credentials;
import dev.sluice.executor.definition.StreamCall;
import dev.sluice.executor.engine.CallFailure;
import dev.sluice.executor.engine.ErrorType;
import dev.sluice.executor.engine.Invocation;
import dev.sluice.executor.engine.Scrubber;
import dev.sluice.executor.engine.Streamer;
import dev.sluice.executor.expression.Expression;
import dev.sluice.executor.stream.CsvReader;
import dev.sluice.executor.stream.ElementReader;
import dev.sluice.executor.stream.EventReader;
import dev.sluice.executor.stream.JsonArrayReader;
import dev.sluice.executor.stream.MalformedStreamException;
import dev.sluice.executor.stream.NdjsonReader;
import dev.sluice.shared.outbound.OutboundHead;
import dev.sluice.shared.outbound.OutboundRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** Reads responses as streams through the one outbound client. Thread-safe. */
public final class StreamCalls implements Streamer {

    private final Authenticators authenticators;
    private final CallCredentials credentials;
    private final Places open;
    private final int maxElementBytes;

    /**
     * Streams of a node.
     *
     * @param most            how many responses may be open, half of them for one organization
     * @param maxElementBytes largest element, or page
     */
    public StreamCalls(Authenticators authenticators, int most, int maxElementBytes) {
        this.authenticators = authenticators;
        this.credentials = new CallCredentials(authenticators);
        this.open = new Places(most);
        this.maxElementBytes = maxElementBytes;
    }

    @Override
    public Mono<Source> prepare(StreamCall call, Invocation invocation) {
        return credentials.prepare(
                call.request().authentication(),
                invocation,
                (seeing, given) -> Requests.of(
                        call.request(), seeing, given.authorization().orElse(null), maxElementBytes),
                (request, given) -> source(call, new Exchange(request, given, invocation)));
    }

    private Source source(StreamCall call, Exchange exchange) {
        return from -> {
            Flux<List<Element>> elements = call.pages() == null
                    ? open.in(
                            exchange.invocation().organization(), response(call, exchange, from), () -> full(exchange))
                    : new Pages(authenticators, call.pages(), call.select(), exchange).from(from);
            return elements.onErrorMap(error -> translated(error, exchange));
        };
    }

    private static Throwable translated(Throwable error, Exchange exchange) {
        return error instanceof MalformedStreamException malformed
                ? Responses.unusable(exchange.invocation().instance(), malformed.detail())
                : CallErrors.translated(error, exchange.invocation().instance());
    }

    private Flux<List<Element>> response(StreamCall call, Exchange exchange, Place from) {
        Scrubber unechoed = exchange.unechoed();
        AtomicLong records = new AtomicLong();
        return authenticators.stream(
                        exchange.request(),
                        exchange.given(),
                        exchange.invocation().limit(),
                        exchange.invocation().permitted(),
                        authorization -> CallCredentials.hide(authorization, unechoed),
                        (head, body) -> accepted(head, exchange)
                                .thenMany(Flux.defer(() -> reader(call.format()).batches(body))))
                .concatMap(
                        batch -> elements(
                                batch.stream().map(unechoed::scrub).toList(),
                                NullNode.getInstance(),
                                records.getAndAdd(batch.size()),
                                from,
                                call.select(),
                                exchange.invocation()),
                        1);
    }

    private static CallFailure full(Exchange exchange) {
        return new CallFailure(ErrorType.COMMUNICATION.at(
                exchange.invocation().instance(),
                503,
                "Communication Error",
                "Too many streams are open on this node."));
    }

    private static Mono<Void> accepted(OutboundHead head, Exchange exchange) {
        return head.status() >= 200 && head.status() < 300
                ? Mono.empty()
                : Mono.error(
                        Responses.refused(head.status(), exchange.invocation().instance()));
    }

    private ElementReader<JsonNode> reader(StreamCall.Format format) {
        return switch (format) {
            case JSON_ARRAY -> new JsonArrayReader(maxElementBytes);
            case NDJSON -> new NdjsonReader(maxElementBytes);
            case SSE -> new EventReader(maxElementBytes);
            case CSV -> new CsvReader(maxElementBytes, ',');
            case PAGES -> throw new IllegalArgumentException("Pages are responses of their own");
        };
    }

    /** The elements that records make, from a place on. */
    static Mono<List<Element>> elements(
            List<JsonNode> records,
            JsonNode mark,
            long before,
            Place from,
            @Nullable Expression select,
            Invocation invocation) {
        return select == null
                ? Mono.fromSupplier(() -> elements(records, mark, before, from))
                : invocation
                        .evaluations()
                        .of(() -> records.stream()
                                .map(one -> select.evaluate(one, invocation.scope()))
                                .toList())
                        .map(made -> several(made, mark, before, from));
    }

    private static List<Element> elements(List<JsonNode> records, JsonNode mark, long before, Place from) {
        List<Element> elements = new ArrayList<>(records.size());
        for (int i = 0; i < records.size(); i++) {
            if (before + i >= from.record()) {
                elements.add(new Element(records.get(i), new Place(mark, before + i + 1, 0)));
            }
        }
        return elements;
    }

    private static List<Element> several(List<JsonNode> made, JsonNode mark, long before, Place from) {
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < made.size(); i++) {
            long record = before + i;
            JsonNode values = made.get(i);
            int first = record < from.record() ? values.size() : record == from.record() ? from.within() : 0;
            for (int within = first; within < values.size(); within++) {
                Place after = within + 1 == values.size()
                        ? new Place(mark, record + 1, 0)
                        : new Place(mark, record, within + 1);
                elements.add(new Element(values.get(within), after));
            }
        }
        return elements;
    }

    /** What all requests of one stream have in common. */
    record Exchange(OutboundRequest request, Credentials given, Invocation invocation) {

        /** Takes out of a response what it was asked with. */
        Scrubber unechoed() {
            return CallCredentials.unechoed(given);
        }
    }
}
