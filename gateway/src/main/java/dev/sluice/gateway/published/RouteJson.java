package dev.sluice.gateway.published;

import dev.sluice.gateway.admission.Rate;
import dev.sluice.gateway.request.Fields;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.OutboundProtocol;
import dev.sluice.shared.outbound.OutboundRequest;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/** Routes as they are written and shown. */
final class RouteJson {

    /** What stands for a secret wherever it is shown; whoever sends it keeps the one there is. */
    static final String HIDDEN = "***";

    private static final int MAX_HEADERS = 50;
    private static final int MAX_RATE = 1_000_000;
    private static final Pattern METHOD = Pattern.compile("[A-Z]{1,20}");
    /** What nobody passes on: they would show the gateway's own headers, or make a tunnel. */
    static final Set<String> NO_METHODS = Set.of("CONNECT", "TRACE");

    /** Not for a route to set or to take: they are the gateway's own word, or the message's frame. */
    private static final Set<String> OURS = Set.of(
            "sluice-identity",
            "x-request-id",
            "traceparent",
            "content-security-policy",
            "set-cookie",
            "clear-site-data",
            "service-worker-allowed");

    private static final Map<OutboundProtocol, String> PROTOCOLS =
            Map.of(OutboundProtocol.AUTO, "auto", OutboundProtocol.HTTP1, "http1", OutboundProtocol.H2C, "h2c");

    private RouteJson() {}

    /** Reads a route; what is wrong with it is among the fields' violations. */
    static Optional<PublishedRoute> read(Fields fields) {
        Optional<RoutePath> path = fields.required("path", RoutePath::of, RoutePath.FORM);
        Optional<URI> upstream = fields.required(
                "upstream",
                RouteJson::address,
                "An http or https address is expected, without user information, query or fragment.");
        OutboundProtocol protocol = protocol(fields, upstream);
        List<String> methods = fields.optionalList(
                        "methods", 20, RouteJson::method, "A method such as GET is expected.")
                .orElseGet(List::of);
        boolean keepPath = fields.flag("keepPath");
        boolean open = fields.flag("open");
        RouteLimits limits = fields.optionalObject("limits", RouteJson::limits)
                .orElseGet(() -> new RouteLimits(null, null, RouteLimits.DEFAULT_CONCURRENT));
        Duration timeout = fields.optional(
                        "timeout",
                        text -> duration(text, PublishedRoute.MAX_TIMEOUT),
                        "A duration of up to ten minutes, such as PT30S, is expected.")
                .orElse(PublishedRoute.DEFAULT_TIMEOUT);
        int retries =
                fields.optionalNumber("retries", 0, PublishedRoute.MAX_RETRIES).orElse(PublishedRoute.DEFAULT_RETRIES);
        HeaderEdits request = fields.optionalObject("request", RouteJson::edits).orElse(HeaderEdits.NONE);
        Map<String, String> secrets = lower(fields.optionalTexts("secretHeaders", MAX_HEADERS, RouteJson::objection));
        HeaderEdits response =
                fields.optionalObject("response", RouteJson::edits).orElse(HeaderEdits.NONE);
        Optional<CacheRule> cache = fields.optionalObject("cache", RouteJson::cache);
        Optional<RouteDeprecation> deprecation = fields.optionalObject("deprecation", DeprecationJson::read);
        return path.flatMap(found -> upstream.map(address -> new PublishedRoute(
                found,
                Set.copyOf(methods),
                address,
                protocol,
                !keepPath,
                open,
                limits,
                timeout,
                retries,
                request,
                secrets,
                response,
                cache.orElse(null),
                deprecation.orElse(null))));
    }

    /** All of it but its secrets, of which only the names are shown. */
    static ObjectNode write(PublishedRoute route) {
        ObjectNode json = Json.object().put("path", route.path().toString());
        if (!route.methods().isEmpty()) {
            new TreeSet<>(route.methods()).forEach(json.putArray("methods")::add);
        }
        json.put("upstream", route.upstream().toString());
        json.put("protocol", PROTOCOLS.get(route.protocol()));
        json.put("keepPath", !route.strip());
        json.put("open", route.open());
        json.set("limits", limits(route.limits()));
        json.put("timeout", route.timeout().toString());
        json.put("retries", route.retries());
        edits(json, "request", route.request());
        if (!route.secrets().isEmpty()) {
            ObjectNode secrets = json.putObject("secretHeaders");
            new TreeSet<>(route.secrets().keySet()).forEach(name -> secrets.put(name, HIDDEN));
        }
        edits(json, "response", route.response());
        CacheRule cache = route.cache();
        if (cache != null) {
            ObjectNode rule = json.putObject("cache").put("keep", cache.keep().toString());
            cache.vary().forEach(rule.putArray("vary")::add);
        }
        RouteDeprecation deprecation = route.deprecation();
        if (deprecation != null) {
            json.set("deprecation", DeprecationJson.write(deprecation));
        }
        return json;
    }

    private static OutboundProtocol protocol(Fields fields, Optional<URI> upstream) {
        OutboundProtocol protocol = fields.optional(
                        "protocol", RouteJson::protocol, "One of auto, http1 and h2c is expected.")
                .orElse(OutboundProtocol.AUTO);
        boolean secure = upstream.filter(uri -> "https".equalsIgnoreCase(uri.getScheme()))
                .isPresent();
        if (protocol == OutboundProtocol.H2C && secure) {
            fields.refuse("protocol", "h2c is HTTP/2 without TLS; over https HTTP/2 is spoken where it is offered.");
        }
        return protocol;
    }

    private static Optional<OutboundProtocol> protocol(String text) {
        return PROTOCOLS.entrySet().stream()
                .filter(each -> each.getValue().equals(text))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static RouteLimits limits(Fields fields) {
        Optional<Rate> route = fields.optionalObject("route", RouteJson::rate);
        Optional<Rate> client = fields.optionalObject("client", RouteJson::rate);
        int concurrent = fields.optionalNumber("concurrent", 1, RouteLimits.MAX_CONCURRENT)
                .orElse(RouteLimits.DEFAULT_CONCURRENT);
        return new RouteLimits(route.orElse(null), client.orElse(null), concurrent);
    }

    private static ObjectNode limits(RouteLimits limits) {
        ObjectNode json = Json.object();
        Rate route = limits.route();
        if (route != null) {
            json.set("route", rate(route));
        }
        Rate client = limits.client();
        if (client != null) {
            json.set("client", rate(client));
        }
        return json.put("concurrent", limits.concurrent());
    }

    /** As much at once as in a second, unless it says otherwise. */
    private static Rate rate(Fields fields) {
        int perSecond = fields.optionalNumber("perSecond", 1, MAX_RATE).orElse(0);
        if (perSecond == 0) {
            fields.refuse("perSecond", "The field is required.");
        }
        int usable = Math.max(1, perSecond);
        return new Rate(usable, fields.optionalNumber("burst", 1, MAX_RATE).orElse(usable));
    }

    private static ObjectNode rate(Rate rate) {
        return Json.object().put("perSecond", (int) rate.rate()).put("burst", rate.burst());
    }

    private static HeaderEdits edits(Fields fields) {
        Map<String, String> set = lower(fields.optionalTexts("setHeaders", MAX_HEADERS, RouteJson::objection));
        List<String> remove = fields.optionalList(
                        "removeHeaders", MAX_HEADERS, RouteJson::headerName, "The name of a header is expected.")
                .orElseGet(List::of);
        return new HeaderEdits(set, Set.copyOf(remove));
    }

    private static void edits(ObjectNode json, String name, HeaderEdits edits) {
        if (edits.isNone()) {
            return;
        }
        ObjectNode shown = json.putObject(name);
        ObjectNode set = shown.putObject("setHeaders");
        new TreeSet<>(edits.set().keySet())
                .forEach(header -> set.put(header, edits.set().get(header)));
        new TreeSet<>(edits.remove()).forEach(shown.putArray("removeHeaders")::add);
    }

    private static CacheRule cache(Fields fields) {
        Duration keep = fields.required(
                        "keep",
                        text -> duration(text, CacheRule.LONGEST),
                        "A duration of up to a day, such as PT30S, is expected.")
                .orElse(Duration.ZERO);
        List<String> vary = fields.optionalList("vary", 10, RouteJson::headerName, "The name of a header is expected.")
                .orElseGet(List::of);
        return new CacheRule(keep, vary);
    }

    private static Optional<URI> address(String text) {
        try {
            URI uri = URI.create(text).normalize();
            requireSendable(uri, Map.of());
            return uri.getRawQuery() == null && uri.getRawFragment() == null ? Optional.of(uri) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> method(String text) {
        return METHOD.matcher(text).matches() && !NO_METHODS.contains(text) ? Optional.of(text) : Optional.empty();
    }

    private static Optional<Duration> duration(String text, Duration longest) {
        try {
            return Optional.of(Duration.parse(text))
                    .filter(Duration::isPositive)
                    .filter(duration -> duration.compareTo(longest) <= 0);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> headerName(String name) {
        return objection(name, "").isEmpty() ? Optional.of(name.toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    /** What is wrong with a header that somebody would set. */
    private static Optional<String> objection(String name, String value) {
        if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
            return Optional.of("This header is not for a route to set.");
        }
        try {
            requireSendable(URI.create("http://upstream.invalid"), Map.of(name, value));
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.ofNullable(e.getMessage());
        }
    }

    /** What can be sent is for the outbound client to say. */
    private static void requireSendable(URI uri, Map<String, String> headers) {
        OutboundRequest ignored = new OutboundRequest("GET", uri, headers, null, Duration.ofSeconds(1), 0);
    }

    private static Map<String, String> lower(Map<String, String> headers) {
        return headers.entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> entry.getKey().toLowerCase(Locale.ROOT), Map.Entry::getValue, (one, other) -> other));
    }
}
