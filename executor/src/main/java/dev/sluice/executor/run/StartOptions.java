package dev.sluice.executor.run;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * How a caller wants to start a run.
 *
 * @param patience how long to wait for the output ({@code Prefer: wait}, RFC 7240, in seconds up to {@value #MAX_WAIT}),
 *               absent for not at all
 * @param stream whether to answer with the run's events
 * @param key    the {@code Idempotency-Key}, 1 to {@value #MAX_KEY} characters
 * @param priority urgency ({@code Priority: u=0} to {@code u=7}, RFC 9218); absent when there is none, or it is not valid,
 *               which the RFC has us ignore
 */
record StartOptions(
        @Nullable Duration patience,
        boolean stream,
        @Nullable String key,
        @Nullable Integer priority) {

    static final int MAX_WAIT = 60;
    static final int MAX_KEY = 255;

    private static final Pattern URGENCY = Pattern.compile("(?:^|,)\\s*u\\s*=\\s*([0-7])\\s*(?:$|[,;])");
    private static final Pattern WAIT = Pattern.compile("(?:^|[,;\\s])wait\\s*=\\s*(\\d{1,6})(?:$|[,;\\s])");

    static StartOptions of(ServerRequest request) {
        boolean stream = request.headers().accept().stream()
                .anyMatch(type -> type.equalsTypeAndSubtype(MediaType.TEXT_EVENT_STREAM));
        return new StartOptions(patience(request.headers().header("Prefer")), stream, key(request), priority(request));
    }

    private static @Nullable Duration patience(List<String> preferences) {
        for (String preference : preferences) {
            Matcher matcher = WAIT.matcher(preference);
            if (matcher.find()) {
                // A preference is a wish: a longer one is served up to the bound.
                return Duration.ofSeconds(Math.min(MAX_WAIT, Integer.parseInt(matcher.group(1))));
            }
        }
        return null;
    }

    private static @Nullable Integer priority(ServerRequest request) {
        String priority = request.headers().firstHeader("Priority");
        Matcher matcher = URGENCY.matcher(priority == null ? "" : priority);
        return matcher.find() ? Integer.valueOf(matcher.group(1)) : null;
    }

    private static @Nullable String key(ServerRequest request) {
        String key = request.headers().firstHeader("Idempotency-Key");
        if (key != null && (key.isBlank() || key.length() > MAX_KEY)) {
            throw new SluiceException(
                    ProblemType.INVALID_REQUEST, "The Idempotency-Key must have 1 to " + MAX_KEY + " characters.");
        }
        return key;
    }
}
