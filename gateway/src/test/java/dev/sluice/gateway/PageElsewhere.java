package dev.sluice.gateway;

import dev.sluice.gateway.RunningGateway.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A page of another origin in a browser that does what the Fetch standard says, and asks before each request anew. */
record PageElsewhere(RunningGateway gateway, String origin) {

    private static final Set<String> SIMPLE_METHODS = Set.of("GET", "HEAD", "POST");
    private static final Set<String> SIMPLE_HEADERS = Set.of("accept", "accept-language", "content-language");
    private static final Set<String> SIMPLE_TYPES = Set.of("text/plain", "application/x-www-form-urlencoded");
    private static final Set<String> ALWAYS_READ =
            Set.of("cache-control", "content-language", "content-type", "expires", "last-modified", "pragma");
    private static final String ALLOW = "Access-Control-Allow-";

    /** What its program sees; a header that it may not read is not there. */
    record Seen(int status, String text, Map<String, String> headers) {

        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    /** Empty for what a program sees as a network error. */
    Optional<Seen> fetch(String method, String path, String body, String... headers) {
        Map<String, String> named = new TreeMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            named.put(headers[i].toLowerCase(Locale.ROOT), headers[i + 1]);
        }
        List<String> unsafe = named.entrySet().stream()
                .filter(header -> !isSimple(header.getKey(), header.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        boolean asks = !unsafe.isEmpty() || !SIMPLE_METHODS.contains(method);
        return asks && !mayAsk(preflight(method, path, unsafe), method, unsafe)
                ? Optional.empty()
                : seen(request(method, path, body, named));
    }

    Answer preflight(String method, String path, List<String> unsafe) {
        List<String> headers = new ArrayList<>(List.of("Access-Control-Request-Method", method));
        if (!unsafe.isEmpty()) {
            headers.addAll(List.of("Access-Control-Request-Headers", String.join(",", unsafe)));
        }
        return send("OPTIONS", path, "", headers);
    }

    /** The request itself, as if it had been allowed. */
    Answer request(String method, String path, String body, Map<String, String> headers) {
        List<String> all = new ArrayList<>();
        headers.forEach((name, value) -> all.addAll(List.of(name, value)));
        return send(method, path, body, all);
    }

    private Answer send(String method, String path, String body, List<String> headers) {
        List<String> all = new ArrayList<>(headers);
        all.addAll(List.of("Origin", origin, "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "cors"));
        return gateway.send(
                gateway.request(path)
                        .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)),
                all.toArray(String[]::new));
    }

    private boolean mayAsk(Answer preflight, String method, List<String> unsafe) {
        boolean fine = preflight.status() >= 200 && preflight.status() < 300 && isShown(preflight);
        List<String> methods = listed(preflight, ALLOW + "Methods").toList();
        List<String> headers = listed(preflight, ALLOW + "Headers")
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
        return fine && (SIMPLE_METHODS.contains(method) || methods.contains(method)) && headers.containsAll(unsafe);
    }

    /** What its program sees of an answer. */
    Optional<Seen> seen(Answer answer) {
        if (!isShown(answer)) {
            return Optional.empty();
        }
        Set<String> exposed = new java.util.HashSet<>(ALWAYS_READ);
        listed(answer, "Access-Control-Expose-Headers")
                .map(name -> name.toLowerCase(Locale.ROOT))
                .forEach(exposed::add);
        Map<String, String> headers = new TreeMap<>();
        answer.response().headers().map().forEach((name, values) -> {
            if (exposed.contains(name.toLowerCase(Locale.ROOT))) {
                headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", values));
            }
        });
        return Optional.of(new Seen(answer.status(), answer.text(), headers));
    }

    /** One value, or it is as good as none. */
    private boolean isShown(Answer answer) {
        List<String> values = answer.response().headers().allValues(ALLOW + "Origin");
        return values.size() == 1 && Set.of("*", origin).contains(values.getFirst());
    }

    private static Stream<String> listed(Answer answer, String name) {
        return answer.response().headers().allValues(name).stream()
                .flatMap(line -> Arrays.stream(line.split(",")))
                .map(String::strip);
    }

    private static boolean isSimple(String name, String value) {
        return SIMPLE_HEADERS.contains(name) || (name.equals("content-type") && SIMPLE_TYPES.contains(value));
    }
}
