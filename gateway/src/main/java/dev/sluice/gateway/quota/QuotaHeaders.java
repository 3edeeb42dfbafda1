package dev.sluice.gateway.quota;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.http.HttpHeaders;

/** Where quotas stand, in the fields of draft-ietf-httpapi-ratelimit-headers. */
final class QuotaHeaders {

    private QuotaHeaders() {}

    /** Adds all that bound a lease; nothing where nothing does. */
    static void announce(Lease lease, Clock clock, HttpHeaders response) {
        if (lease.windows().isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        long spent = lease.spent();
        for (Window window : lease.windows()) {
            Period period = window.period();
            response.add(
                    "RateLimit-Policy",
                    "\"" + window.name() + "\";q=" + (long) window.allowance() + ";w=" + period.seconds(lease.day()));
            long left =
                    Math.max(1, Duration.between(now, period.end(lease.day())).toSeconds());
            response.add("RateLimit", "\"" + window.name() + "\";r=" + window.remaining(spent) + ";t=" + left);
        }
    }
}
