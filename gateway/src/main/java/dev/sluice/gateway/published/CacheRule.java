package dev.sluice.gateway.published;

import java.time.Duration;
import java.util.List;

/**
 * How long answers are kept that may be kept at all.
 *
 * @param keep up to a day; an upstream may say less
 * @param vary names of request headers, in lower case, on which the answer depends
 */
public record CacheRule(Duration keep, List<String> vary) {

    static final Duration LONGEST = Duration.ofDays(1);

    public CacheRule {
        vary = List.copyOf(vary);
    }
}
