package dev.sluice.executor.run;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which runs a page shows.
 *
 * @param before    only runs older than this one
 * @param namespace only runs of one workflow; present exactly when {@code name} is
 * @param limit     most runs on the page
 */
record RunQuery(
        @Nullable UUID before,
        @Nullable RunStatus status,
        @Nullable String namespace,
        @Nullable String name,
        int limit) {

    /** Most runs on any page. */
    static final int MAX_LIMIT = 200;
}
