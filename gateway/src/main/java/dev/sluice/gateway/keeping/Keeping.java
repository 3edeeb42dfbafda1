package dev.sluice.gateway.keeping;

import dev.sluice.gateway.published.CacheRule;
import dev.sluice.shared.id.Ids;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** What may be kept, and for how long: the less of what the route says and what the upstream does. */
final class Keeping {

    private static final Pattern COMMA = Pattern.compile(",");

    private Keeping() {}

    /** Whether an answer may come from what is kept, and be kept: one that nobody in particular gets, and all of it. */
    static boolean concerns(ServerHttpRequest request, boolean open) {
        HttpHeaders headers = request.getHeaders();
        boolean read = HttpMethod.GET.equals(request.getMethod()) || HttpMethod.HEAD.equals(request.getMethod());
        // Where the route takes a key, it stays here: all who have one get the same (section 3.5 is about theirs).
        boolean personal = open && headers.containsHeader(HttpHeaders.AUTHORIZATION);
        return read
                && !personal
                && !headers.containsHeader(HttpHeaders.RANGE)
                && !CacheControl.of(headers).has("no-store");
    }

    /** Whether whoever asks wants it from the upstream. */
    static boolean wantsFresh(HttpHeaders request) {
        CacheControl control = CacheControl.of(request);
        return control.has("no-cache")
                || control.seconds("max-age").filter(Duration::isZero).isPresent();
    }

    /** How long an answer with these headers is kept; empty for not at all. */
    static Optional<Duration> time(CacheRule rule, int status, HttpHeaders answer) {
        CacheControl control = CacheControl.of(answer);
        boolean kept = status == 200
                && !control.has("no-store")
                && !control.has("private")
                && !control.has("no-cache")
                && names(answer.getOrEmpty(HttpHeaders.VARY)).allMatch(rule.vary()::contains);
        Duration most = control.seconds("s-maxage")
                .or(() -> control.seconds("max-age"))
                .filter(upstream -> upstream.compareTo(rule.keep()) < 0)
                .orElseGet(rule::keep);
        return kept && most.isPositive() ? Optional.of(most) : Optional.empty();
    }

    /** What is asked for, without what it may vary with. */
    static String thing(String version, ServerHttpRequest request) {
        String query = request.getURI().getRawQuery();
        return hash(version, request.getURI().getRawPath(), query == null ? "" : query);
    }

    /** What it varies with. */
    static String variant(CacheRule rule, HttpHeaders request) {
        return hash(rule.vary().stream()
                .map(name -> name + "=" + String.join(",", request.getOrEmpty(name)))
                .toArray(String[]::new));
    }

    private static String hash(String... parts) {
        // None of the parts has a line break in it.
        byte[] text = String.join("\n", parts).getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(Ids.sha256().digest(text));
    }

    private static Stream<String> names(List<String> lines) {
        return lines.stream()
                .flatMap(COMMA::splitAsStream)
                .map(name -> name.strip().toLowerCase(Locale.ROOT));
    }
}
