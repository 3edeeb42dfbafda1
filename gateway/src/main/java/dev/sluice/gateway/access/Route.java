package dev.sluice.gateway.access;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * A method of a path, and what it takes.
 *
 * @param permission absent where it takes a person who has logged in, whatever they may do
 *
 * @param elsewhere whether it is passed on to an executor
 */
public record Route(
        HttpMethod method, PathPattern path, @Nullable Permission permission, boolean elsewhere) {

    private static final String ATTRIBUTE = Route.class.getName();

    /** A route that the gateway serves itself. */
    public static Route own(HttpMethod method, String path, Permission permission) {
        return new Route(method, PathPatternParser.defaultInstance.parse(path), permission, false);
    }

    /** A route about whoever has logged in. */
    public static Route person(HttpMethod method, String path) {
        return new Route(method, PathPatternParser.defaultInstance.parse(path), null, false);
    }

    /** A route that executors serve. */
    public static Route executor(HttpMethod method, String path, Permission permission) {
        return new Route(method, PathPatternParser.defaultInstance.parse(path), permission, true);
    }

    /** The route of an exchange; empty until it was found in the table. */
    public static Optional<Route> find(ServerWebExchange exchange) {
        return Optional.ofNullable(exchange.getAttribute(ATTRIBUTE));
    }

    /** Such as {@code POST /v1/runs/{id}:cancel}. */
    public String name() {
        return method + " " + path.getPatternString();
    }

    /** Whether an executor changes something on it. A start is no change: the run itself is the record. */
    public boolean changesElsewhere() {
        return elsewhere && !HttpMethod.GET.equals(method) && permission != Permission.RUNS_START;
    }

    void set(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, this);
    }
}
