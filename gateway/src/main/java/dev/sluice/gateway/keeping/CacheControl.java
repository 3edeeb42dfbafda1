package dev.sluice.gateway.keeping;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;

/** The directives of {@code Cache-Control} (RFC 9111, section 5.2), by their names in lower case. */
record CacheControl(Map<String, String> directives) {

    private static final Pattern COMMA = Pattern.compile(",");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    CacheControl {
        directives = Map.copyOf(directives);
    }

    /** What headers say, all lines of it. */
    static CacheControl of(HttpHeaders headers) {
        List<String> lines = headers.getOrEmpty(HttpHeaders.CACHE_CONTROL);
        Map<String, String> directives = new HashMap<>();
        lines.stream().flatMap(COMMA::splitAsStream).map(String::strip).forEach(directive -> {
            int equals = directive.indexOf('=');
            String name = equals < 0 ? directive : directive.substring(0, equals);
            String value = equals < 0 ? "" : directive.substring(equals + 1).replace("\"", "");
            directives.putIfAbsent(name.strip().toLowerCase(Locale.ROOT), value.strip());
        });
        return new CacheControl(directives);
    }

    boolean has(String name) {
        return directives.containsKey(name);
    }

    /** A directive in seconds; empty when it is missing, zero when it makes no sense (section 4.2.1). */
    Optional<Duration> seconds(String name) {
        return Optional.ofNullable(directives.get(name))
                .map(value ->
                        SECONDS.matcher(value).matches() ? Duration.ofSeconds(Long.parseLong(value)) : Duration.ZERO);
    }
}
