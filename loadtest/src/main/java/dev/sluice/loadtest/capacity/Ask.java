package dev.sluice.loadtest.capacity;

import io.netty.handler.codec.http.HttpMethod;
import java.util.Map;
import java.util.Set;

/**
 * A request to the gateway.
 *
 * @param path     behind the gateway's address
 * @param expected statuses of a good answer
 */
record Ask(HttpMethod method, String path, Map<String, String> headers, String body, Set<Integer> expected) {

    Ask {
        headers = Map.copyOf(headers);
        expected = Set.copyOf(expected);
    }

    static Ask post(String path, Map<String, String> headers, String body, int expected) {
        return new Ask(HttpMethod.POST, path, headers, body, Set.of(expected));
    }

    static Ask get(String path, Map<String, String> headers) {
        return new Ask(HttpMethod.GET, path, headers, "", Set.of(200));
    }

    /** Without headers and path: either may hold a secret. */
    @Override
    public String toString() {
        return "Ask[" + method + "]";
    }
}
