package dev.sluice.gateway.published;

import dev.sluice.shared.id.Ids;
import dev.sluice.shared.tenancy.OrganizationId;
import java.util.Optional;

/**
 * A path below which an organization publishes its routes: {@code /api/} and the organization's id.
 *
 * @param rest what follows, beginning with a slash, as it came
 */
public record PublishedPath(OrganizationId organization, String rest) {

    private static final String PREFIX = "/api/";
    private static final int ID_LENGTH = 36;

    /** The path of an organization, without a slash at its end. */
    static String of(OrganizationId organization) {
        return PREFIX + organization.value();
    }

    /** Whether a path is for published routes, or for nothing. */
    public static boolean isOne(String rawPath) {
        return rawPath.startsWith(PREFIX);
    }

    /** What follows the organization in a path that was read. */
    public static String rest(String rawPath) {
        int end = PREFIX.length() + ID_LENGTH;
        return rawPath.length() == end ? "/" : rawPath.substring(end);
    }

    /** Reads a path that is one; empty when it names no organization. */
    public static Optional<PublishedPath> read(String rawPath) {
        int end = PREFIX.length() + ID_LENGTH;
        if (rawPath.length() < end || (rawPath.length() > end && rawPath.charAt(end) != '/')) {
            return Optional.empty();
        }
        return Ids.parse(rawPath.substring(PREFIX.length(), end))
                .map(id -> new PublishedPath(new OrganizationId(id), rest(rawPath)));
    }
}
