package dev.sluice.gateway.deprecation;

import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * Since when something should not be used any more, and what else its callers are told with each answer. Immutable.
 *
 * @param date      from then on; may lie ahead (RFC 9745, section 2.1)
 * @param sunset    from when on it may not be there; not before {@code date}, absent for no such plan (RFC 8594, section 3)
 * @param link      a text about it ({@code rel="deprecation"}); absent for none
 * @param successor what takes its place ({@code rel="successor-version"}, RFC 5829); absent for nothing
 */
public record Deprecation(
        Instant date,
        @Nullable Instant sunset,
        @Nullable URI link,
        @Nullable URI successor) {

    static final String HEADER = "Deprecation";
    static final String SUNSET = "Sunset";

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");
    private static final Set<String> SCHEMES = Set.of("http", "https");
    private static final int LONGEST_LINK = 2000;

    /** IMF-fixdate (RFC 9110, section 5.6.7). */
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** {@link IllegalArgumentException} for a sunset before the date. */
    public Deprecation {
        if (sunset != null && sunset.isBefore(date)) {
            throw new IllegalArgumentException("sunset: " + sunset + " (expected: not before " + date + ")");
        }
    }

    /** A moment as it is written (RFC 3339), to the second; empty for what is none, or before 1970. */
    public static Optional<Instant> moment(String text) {
        try {
            return Optional.of(DateTimeFormatter.ISO_OFFSET_DATE_TIME
                            .parse(text, Instant::from)
                            .truncatedTo(ChronoUnit.SECONDS))
                    .filter(moment -> !moment.isBefore(Instant.EPOCH) && !moment.isAfter(LATEST));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** An address of the web, of at most {@value #LONGEST_LINK} characters; empty for what is none. */
    public static Optional<URI> address(String text) {
        return reference(text)
                .filter(uri -> uri.getHost() != null
                        && uri.getRawUserInfo() == null
                        && SCHEMES.contains(uri.getScheme().toLowerCase(Locale.ROOT)));
    }

    /** The same, or a path on this very server. */
    static Optional<URI> reference(String text) {
        try {
            return text.length() > LONGEST_LINK
                    ? Optional.empty()
                    : Optional.of(URI.create(text))
                            .filter(uri -> uri.getScheme() != null || text.startsWith("/"))
                            .map(uri -> URI.create(uri.toASCIIString()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether it need not be there any more. */
    public boolean isOverAt(Instant now) {
        return sunset != null && !now.isBefore(sunset);
    }

    /** Says so, in the place of what somebody else says; links of others stay. */
    public void announce(HttpHeaders answer) {
        answer.set(HEADER, "@" + date.getEpochSecond());
        if (sunset == null) {
            answer.remove(SUNSET);
        } else {
            answer.set(SUNSET, HTTP_DATE.format(sunset));
        }
        link(answer, link, "deprecation");
        link(answer, successor, "successor-version");
    }

    private static void link(HttpHeaders answer, @Nullable URI target, String relation) {
        if (target != null) {
            answer.add(HttpHeaders.LINK, "<" + target + ">; rel=\"" + relation + "\"");
        }
    }
}
