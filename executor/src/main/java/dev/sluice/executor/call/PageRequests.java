package dev.sluice.executor.call;

import dev.sluice.executor.call.StreamCalls.Exchange;
import dev.sluice.executor.definition.Pagination;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.OutboundRequest;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a page is asked for with: the request of the first one, with a mark in it. */
final class PageRequests {

    private PageRequests() {}

    /** The request of a page; it goes where the first one went, or credentials would go elsewhere. */
    static OutboundRequest of(Exchange exchange, Pagination pagination, JsonNode mark) {
        OutboundRequest first = exchange.request();
        URI uri = switch (pagination) {
            case Pagination.Cursor(var from, String parameter) ->
                mark.isNull()
                        ? first.uri()
                        : parameter == null
                                ? address(exchange, mark)
                                : with(first.uri(), parameter, text(exchange, mark));
            case Pagination.Offset(String parameter, String limitParameter, int limit) ->
                with(
                        limitParameter == null
                                ? first.uri()
                                : with(first.uri(), limitParameter, Integer.toString(limit)),
                        parameter,
                        Long.toString(mark.asLong(0)));
            case Pagination.Page(String parameter, int number) ->
                with(first.uri(), parameter, Long.toString(mark.asLong(number)));
            case Pagination.Link() -> mark.isNull() ? first.uri() : address(exchange, mark);
        };
        OutboundRequest request = first.withUri(uri);
        return mark.isNull() ? request : distinct(request, exchange, mark);
    }

    /** Each page is a request of its own, to an upstream that answers none twice. */
    private static OutboundRequest distinct(OutboundRequest request, Exchange exchange, JsonNode mark) {
        String key = exchange.invocation().idempotencyKey();
        if (!key.equals(request.headers().get(CallArguments.IDEMPOTENCY_KEY))) {
            return request;
        }
        byte[] hash = Ids.sha256().digest(Json.bytes(mark));
        return request.withHeader(
                CallArguments.IDEMPOTENCY_KEY, key + '-' + HexFormat.of().formatHex(hash, 0, 8));
    }

    private static URI address(Exchange exchange, JsonNode mark) {
        URI first = exchange.request().uri();
        try {
            URI next = first.resolve(text(exchange, mark));
            if (origin(next).equals(origin(first))) {
                return next;
            }
        } catch (IllegalArgumentException e) {
            throw Responses.unusable(exchange.invocation().instance(), "A page leads to what is no address.");
        }
        throw Responses.unusable(
                exchange.invocation().instance(), "A page leads to another host, where the stream does not go.");
    }

    private static String origin(URI uri) {
        String scheme = Objects.requireNonNullElse(uri.getScheme(), "").toLowerCase(Locale.ROOT);
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        return scheme + "://" + Objects.requireNonNullElse(uri.getHost(), "").toLowerCase(Locale.ROOT) + ':' + port;
    }

    private static String text(Exchange exchange, JsonNode mark) {
        if (mark.isContainer()) {
            throw Responses.unusable(exchange.invocation().instance(), "What leads to the next page is no text.");
        }
        return mark.asString();
    }

    /** With a parameter of the query in place of those of its name. */
    private static URI with(URI uri, String name, String value) {
        List<String> fields = new ArrayList<>();
        for (String field : Objects.requireNonNullElse(uri.getRawQuery(), "").split("&", -1)) {
            if (!field.isEmpty() && !name.equals(name(field))) {
                fields.add(field);
            }
        }
        fields.add(encode(name) + '=' + encode(value));
        String text = uri.toString();
        int end = text.indexOf('#') < 0 ? text.length() : text.indexOf('#');
        int query = text.indexOf('?');
        return URI.create(text.substring(0, query < 0 || query > end ? end : query) + '?' + String.join("&", fields));
    }

    private static @Nullable String name(String field) {
        int equals = field.indexOf('=');
        String raw = equals < 0 ? field : field.substring(0, equals);
        try {
            return URLDecoder.decode(raw, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
