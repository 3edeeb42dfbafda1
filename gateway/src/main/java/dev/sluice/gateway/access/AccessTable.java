package dev.sluice.gateway.access;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;

/**
 * Which permission each method of each path needs. What is not in it does not exist: a route that somebody forgets to
 * enter here is closed, not open. Paths are matched as the routes behind match them. Immutable.
 */
public final class AccessTable {

    private final List<Route> routes;

    /** A table of routes, looked through in this order. */
    public AccessTable(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    /** Whether a method of a path is there for those who have a key or token. */
    public boolean takesKey(HttpMethod method, PathContainer path) {
        return find(method, path) instanceof Answer.Found(Route route) && route.permission() != null;
    }

    /** What the table says of a request. */
    sealed interface Answer {

        /** It is this route's. */
        record Found(Route route) implements Answer {}

        /** The path is there with these methods only. */
        record OtherMethods(Set<HttpMethod> methods) implements Answer {}

        /** There is no such path. */
        record NoSuchPath() implements Answer {}
    }

    /** Looks a request up; {@code HEAD} takes what {@code GET} takes. */
    Answer find(HttpMethod method, PathContainer path) {
        HttpMethod wanted = HttpMethod.HEAD.equals(method) ? HttpMethod.GET : method;
        Set<HttpMethod> others = new LinkedHashSet<>();
        for (Route route : routes) {
            if (route.path().matches(path)) {
                if (route.method().equals(wanted)) {
                    return new Answer.Found(route);
                }
                others.add(route.method());
            }
        }
        return others.isEmpty() ? new Answer.NoSuchPath() : new Answer.OtherMethods(others);
    }
}
