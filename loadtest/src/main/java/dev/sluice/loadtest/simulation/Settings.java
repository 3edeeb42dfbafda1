package dev.sluice.loadtest.simulation;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a simulation is told by system properties. Only loopback addresses are accepted.
 *
 * @param url     the gateway ({@code sluice.bench.url})
 * @param apiKey  for {@code /v1} ({@code sluice.bench.key})
 * @param hook    path of the webhook endpoint ({@code sluice.bench.hook})
 * @param secret  that signs deliveries ({@code sluice.bench.secret})
 * @param users   requests at once ({@code sluice.bench.users})
 * @param warmUp  how long to send before anything is recorded ({@code sluice.bench.warmUp}, in seconds)
 * @param time    how long to send after that ({@code sluice.bench.seconds}, at most 300)
 * @param count   most requests to send ({@code sluice.bench.count})
 * @param result  file the figures go to ({@code sluice.bench.result})
 */
record Settings(
        URI url,
        String apiKey,
        String hook,
        String secret,
        int users,
        Duration warmUp,
        Duration time,
        int count,
        Path result) {

    Settings {
        if (!"127.0.0.1".equals(url.getHost())) {
            throw new IllegalArgumentException("sluice.bench.url: " + url + " (expected: on 127.0.0.1)");
        }
        if (users < 1 || count < users) {
            throw new IllegalArgumentException(
                    "sluice.bench.users: " + users + " (expected: 1 to the count " + count + ")");
        }
        if (time.isNegative() || time.isZero() || time.compareTo(Duration.ofMinutes(5)) > 0) {
            throw new IllegalArgumentException("sluice.bench.seconds: " + time.toSeconds() + " (expected: 1 to 300)");
        }
    }

    static Settings fromSystemProperties() {
        return new Settings(
                URI.create(text("url", "http://127.0.0.1:8080")),
                text("key", ""),
                text("hook", "/hooks/unknown"),
                text("secret", ""),
                Integer.getInteger("sluice.bench.users", 64),
                Duration.ofSeconds(Integer.getInteger("sluice.bench.warmUp", 0)),
                Duration.ofSeconds(Integer.getInteger("sluice.bench.seconds", 15)),
                Integer.getInteger("sluice.bench.count", 1_000_000),
                Path.of(text("result", "target/bench-result.json")));
    }

    private static String text(String name, String absent) {
        return System.getProperty("sluice.bench." + name, absent);
    }

    /** Without key and secret. */
    @Override
    public String toString() {
        return "Settings[url=%s, users=%d, time=%s, count=%d]".formatted(url, users, time, count);
    }
}
