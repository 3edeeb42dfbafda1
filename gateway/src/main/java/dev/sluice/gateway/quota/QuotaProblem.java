package dev.sluice.gateway.quota;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Says which allowance is used up, and until when. */
final class QuotaProblem {

    private QuotaProblem() {}

    /**
     * The problem of one who wanted something that is not left: the allowance that lasts longest of those that are used up, else
     * the one with the least left.
     *
     * @param spent of what the windows count as one's own
     */
    static SluiceException of(Metered kind, List<Window> windows, long spent, LocalDate day, Instant now) {
        Optional<Window> longest =
                windows.stream().filter(window -> window.isUsedUp(spent)).max(Comparator.comparing(Window::period));
        return longest.or(() -> windows.stream().min(Comparator.comparingLong(window -> window.remaining(spent))))
                .map(window -> exceeded(kind, window, day, now))
                .orElseGet(() ->
                        new SluiceException(ProblemType.QUOTA_EXCEEDED, "The quota of this organization is used up."));
    }

    private static SluiceException exceeded(Metered kind, Window window, LocalDate day, Instant now) {
        Instant end = window.period().end(day);
        ObjectNode quota = Json.object();
        quota.put("of", window.of());
        quota.put("period", window.period().id());
        quota.put("allowance", (long) window.allowance());
        quota.put("resetsAt", end.toString());
        return new SluiceException(
                ProblemType.QUOTA_EXCEEDED,
                "What this organization may use of " + window.of() + " in a "
                        + window.period().id() + " does not suffice for more " + kind.id() + "; it begins anew at "
                        + end + ".",
                List.of(),
                Map.of("quota", quota),
                Duration.between(now, end).isPositive() ? Duration.between(now, end) : Duration.ofSeconds(1),
                null);
    }
}
