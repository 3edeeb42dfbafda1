package dev.sluice.gateway.published;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RouteTreeTest {

    private final RouteTree<String> tree =
            tree("/", "/orders", "/orders/*", "/orders/new", "/orders/*/items/**", "/files/**", "/*/admin", "/a/*/c/d");

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/orders, /orders",
        "/orders/, /orders",
        "/orders/17, /orders/*",
        "/orders/new, /orders/new",
        "/orders/new/, /orders/new",
        "/orders/17/items, /orders/*/items/**",
        "/orders/17/items/3/4, /orders/*/items/**",
        "/files, /files/**",
        "/files/a/b/c, /files/**",
        "/orders/admin, /orders/*",
        "/x/admin, /*/admin",
        "/files/admin, /files/**",
    })
    void findsWhatAgreesLongest(String path, String route) {
        assertThat(tree.find(path)).contains(route);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/order", "/orders/17/18", "/ORDERS", "/a/b/c", "/a/b/c/d/e"})
    void findsNothingElse(String path) {
        assertThat(tree.find(path)).isEmpty();
    }

    /** An upstream reads both the same, so they have to be let through on the same terms. */
    @ParameterizedTest
    @ValueSource(strings = {"/orders/%6eew", "/%6Frders/n%65w", "/orders/%6e%65%77/"})
    void anEncodingThatIsNotNeededMakesNoDifference(String path) {
        assertThat(tree.find(path)).contains("/orders/new");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/orders/%", "/orders/%6", "/orders/%zz", "/orders/%C3%A9", "/orders/a%20b"})
    void whatIsEncodedForAReasonIsAnyOne(String path) {
        assertThat(tree.find(path)).contains("/orders/*");
    }

    /** However many ways there are that lead nowhere, each node is looked at once. */
    @Test
    void isNotSlowedDownByHowRoutesAreMade() {
        String[] paths = new String[1 << 9];
        for (int i = 0; i < paths.length; i++) {
            String bits = Integer.toBinaryString(i + (1 << 9)).substring(1);
            paths[i] = bits.chars().mapToObj(bit -> bit == '0' ? "/*" : "/a").collect(Collectors.joining()) + "/end";
        }
        RouteTree<String> bushy = tree(paths);
        assertThat(bushy.find("/a".repeat(9) + "/none")).isEmpty();
        assertThat(bushy.find("/a".repeat(9) + "/end")).contains("/a".repeat(9) + "/end");
        assertThat(bushy.find("/b".repeat(9) + "/end")).contains("/*".repeat(9) + "/end");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "orders",
                "/orders/**/x",
                "/a//b",
                "/a/./b",
                "/a/../b",
                "/a b",
                "/{x}",
                "/a%20",
                "/*.json",
                "/a/?",
                "/0/1/2/3/4/5/6/7/8/9/0/1/2/3/4/5/6/7/8/9/0"
            })
    void refusesWhatIsNoPath(String text) {
        assertThat(RoutePath.of(text)).isEmpty();
    }

    @Test
    void keepsWhatIsOne() {
        assertThat(RoutePath.of("/a/*/b.c/**").map(RoutePath::toString)).contains("/a/*/b.c/**");
        assertThat(RoutePath.of("/").map(RoutePath::toString)).contains("/");
        assertThat(RoutePath.of("/a/b/*/c").map(RoutePath::fixed)).isEqualTo(Optional.of(2));
    }

    private static RouteTree<String> tree(String... paths) {
        Map<RoutePath, String> routes = Arrays.stream(paths)
                .collect(Collectors.toUnmodifiableMap(path -> RoutePath.of(path).orElseThrow(), Function.identity()));
        return new RouteTree<>(routes);
    }
}
