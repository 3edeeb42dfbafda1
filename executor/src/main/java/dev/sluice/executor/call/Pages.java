package dev.sluice.executor.call;

import dev.sluice.executor.authentication.Authenticators;
import dev.sluice.executor.call.StreamCalls.Exchange;
import dev.sluice.executor.definition.Pagination;
import dev.sluice.executor.engine.Scrubber;
import dev.sluice.executor.engine.Streamer.Element;
import dev.sluice.executor.engine.Streamer.Place;
import dev.sluice.executor.expression.Expression;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.OutboundResponse;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Responses of which one leads to the next, which is asked for when the one before has been taken. A page's mark is what it is
 * asked for with.
 */
final class Pages {

    private final Authenticators authenticators;
    private final Pagination pagination;
    private final @Nullable Expression select;
    private final Exchange exchange;

    Pages(Authenticators authenticators, Pagination pagination, @Nullable Expression select, Exchange exchange) {
        this.authenticators = authenticators;
        this.pagination = pagination;
        this.select = select;
        this.exchange = exchange;
    }

    /** The elements of all pages behind a place. */
    Flux<List<Element>> from(Place from) {
        return page(from.mark(), from)
                .expand(page -> page.next().map(next -> page(next, Place.START)).orElseGet(Mono::empty))
                .map(Page::elements);
    }

    private Mono<Page> page(JsonNode mark, Place from) {
        return Mono.defer(() -> page(mark, from, exchange.unechoed()));
    }

    private Mono<Page> page(JsonNode mark, Place from, Scrubber unechoed) {
        return authenticators
                .exchange(
                        PageRequests.of(exchange, pagination, mark),
                        exchange.given(),
                        exchange.invocation().permitted(),
                        authorization -> CallCredentials.hide(authorization, unechoed))
                .flatMap(response -> page(response, mark, from, unechoed));
    }

    private Mono<Page> page(OutboundResponse response, JsonNode mark, Place from, Scrubber unechoed) {
        String instance = exchange.invocation().instance();
        JsonNode body = unechoed.scrub(Responses.page(response, instance));
        return StreamCalls.elements(List.of(body), mark, 0, Place.START, select, exchange.invocation())
                .flatMap(all -> next(response, body, mark, all.size())
                        .map(next -> new Page(behind(all, from), distinct(next.map(unechoed::scrub), mark))));
    }

    /** What is left of the first page. */
    private static List<Element> behind(List<Element> all, Place from) {
        int passed = from.record() > 0 ? all.size() : Math.min(from.within(), all.size());
        return all.subList(passed, all.size());
    }

    private Mono<Optional<JsonNode>> next(OutboundResponse response, JsonNode body, JsonNode mark, int elements) {
        return switch (pagination) {
            case Pagination.Cursor cursor ->
                exchange.invocation()
                        .evaluations()
                        .of(() -> cursor.from()
                                .evaluate(body, exchange.invocation().scope()))
                        .map(Pages::further);
            case Pagination.Offset offset ->
                Mono.just(number(mark.asLong(0) + offset.limit(), elements >= offset.limit()));
            case Pagination.Page page -> Mono.just(number(mark.asLong(page.first()) + 1, elements > 0));
            case Pagination.Link link ->
                Mono.just(Links.next(response.headers().getOrDefault("link", List.of()))
                        .map(Json::string));
        };
    }

    private static Optional<JsonNode> number(long value, boolean further) {
        return further ? Optional.of(JsonNodeFactory.instance.numberNode(value)) : Optional.empty();
    }

    private static Optional<JsonNode> further(JsonNode cursor) {
        boolean none = cursor.isNull()
                || (cursor.isBoolean() && !cursor.booleanValue())
                || (cursor.isString() && cursor.stringValue().isEmpty());
        return none ? Optional.empty() : Optional.of(cursor);
    }

    /** A page that leads to itself would do so for ever. */
    private Optional<JsonNode> distinct(Optional<JsonNode> next, JsonNode mark) {
        if (next.filter(mark::equals).isPresent()) {
            throw Responses.unusable(exchange.invocation().instance(), "A page of the stream leads to itself.");
        }
        return next;
    }

    /** A page, and what the next one is asked for with. */
    private record Page(List<Element> elements, Optional<JsonNode> next) {}
}
