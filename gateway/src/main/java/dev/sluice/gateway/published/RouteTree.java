package dev.sluice.gateway.published;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a path: the one that agrees with it longest, where a segment itself comes before {@code *}, and that
 * before {@code **}. A search visits each node once at most, however the routes are made. Immutable once it is made.
 *
 * @param <T> what is found
 */
final class RouteTree<T> {

    private final Node<T> root = new Node<>();

    private static final class Node<T> {

        private final Map<String, Node<T>> named = new HashMap<>();
        private @Nullable Node<T> any;
        private @Nullable T here;
        private @Nullable T rest;
    }

    /** A tree of routes, whose paths differ. */
    RouteTree(Map<RoutePath, T> routes) {
        routes.forEach(this::add);
    }

    /**
     * The route of a path.
     *
     * @param path as it came, beginning with a slash; a slash at its end makes no difference, and neither does an encoding of
     *     what needs none, since neither may to an upstream
     */
    Optional<T> find(String path) {
        return Optional.ofNullable(find(root, segments(path), 0));
    }

    private void add(RoutePath path, T route) {
        Node<T> node = root;
        for (String segment : path.segments()) {
            if (segment.equals(RoutePath.REST)) {
                node.rest = route;
                return;
            }
            node = segment.equals(RoutePath.ONE)
                    ? any(node)
                    : node.named.computeIfAbsent(segment, name -> new Node<>());
        }
        node.here = route;
    }

    private static <T> Node<T> any(Node<T> node) {
        Node<T> next = node.any == null ? new Node<>() : node.any;
        node.any = next;
        return next;
    }

    private static <T> @Nullable T find(Node<T> node, List<String> segments, int at) {
        if (at == segments.size()) {
            return node.here == null ? node.rest : node.here;
        }
        Node<T> named = node.named.get(segments.get(at));
        T found = named == null ? null : find(named, segments, at + 1);
        if (found == null && node.any != null) {
            found = find(node.any, segments, at + 1);
        }
        return found == null ? node.rest : found;
    }

    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        int from = 1;
        while (from < path.length()) {
            int to = path.indexOf('/', from);
            int end = to < 0 ? path.length() : to;
            segments.add(plain(path.substring(from, end)));
            from = end + 1;
        }
        return segments;
    }

    /** Decodes what is encoded without need (RFC 3986, section 6.2.2.2); what needs it matches no name. */
    private static String plain(String segment) {
        if (segment.indexOf('%') < 0) {
            return segment;
        }
        StringBuilder plain = new StringBuilder(segment.length());
        for (int i = 0; i < segment.length(); i++) {
            int code = segment.charAt(i) == '%' && i + 2 < segment.length() ? code(segment, i) : -1;
            if (isUnreserved(code)) {
                plain.append((char) code);
                i += 2;
            } else {
                plain.append(segment.charAt(i));
            }
        }
        return plain.toString();
    }

    private static int code(String segment, int at) {
        int high = Character.digit(segment.charAt(at + 1), 16);
        int low = Character.digit(segment.charAt(at + 2), 16);
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }

    private static boolean isUnreserved(int code) {
        return (code >= 'a' && code <= 'z')
                || (code >= 'A' && code <= 'Z')
                || (code >= '0' && code <= '9')
                || code == '-'
                || code == '.'
                || code == '_'
                || code == '~';
    }
}
