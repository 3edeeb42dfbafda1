package dev.sluice.shared.web;

import dev.sluice.shared.id.Ids;
import dev.sluice.shared.telemetry.TraceParent;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * By what a request is known in logs, errors and traces.
 *
 * @param requestId what the client or the gateway called it, else a new id; 1 to {@value #MAX_LENGTH} characters of
 *                  {@code A-Z a-z 0-9 . _ : -}
 * @param trace     the client's trace with a span of this hop, else a new trace; send {@code trace.toString()} on
 */
public record RequestIdentity(String requestId, TraceParent trace) {

    /** The header that carries the request id, in and out. */
    public static final String HEADER = "X-Request-Id";

    /** The exchange attribute that holds the identity. */
    public static final String ATTRIBUTE = RequestIdentity.class.getName();

    private static final int MAX_LENGTH = 128;
    private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9._:-]{1," + MAX_LENGTH + "}");
    private static final Object KEY = RequestIdentity.class;

    /** The identity that headers bring along; a missing or malformed part is made anew. */
    public static RequestIdentity of(HttpHeaders headers) {
        return of(headers.getFirst(HEADER), headers.getFirst(TraceParent.HEADER));
    }

    /** The identity from the values of both headers; a missing or malformed one is made anew. */
    public static RequestIdentity of(@Nullable String requestId, @Nullable String traceparent) {
        TraceParent trace =
                TraceParent.parse(traceparent).map(TraceParent::child).orElseGet(TraceParent::create);
        String id = requestId != null && WELL_FORMED.matcher(requestId).matches()
                ? requestId
                : Ids.next().toString();
        return new RequestIdentity(id, trace);
    }

    /** The exchange's identity; made from its headers and kept when no filter has done so yet. */
    public static RequestIdentity of(ServerWebExchange exchange) {
        return (RequestIdentity) exchange.getAttributes()
                .computeIfAbsent(ATTRIBUTE, key -> of(exchange.getRequest().getHeaders()));
    }

    /** The identity of the request a subscriber works for; empty outside a request. */
    public static Optional<RequestIdentity> find(ContextView context) {
        return context.getOrEmpty(KEY);
    }

    /** Writes this identity for everything upstream; use with {@code contextWrite}. */
    public Context in(Context context) {
        return context.put(KEY, this);
    }
}
