package dev.sluice.gateway.access;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What somebody was given: a role, which may come to mean more with a later version, or certain permissions for ever.
 *
 * @param role        absent when permissions were named
 * @param permissions those of the role, or those named; not modifiable
 * @param known       whether that is all of it; a later version may have given what this one does not know
 */
public record Grant(@Nullable Role role, Set<Permission> permissions, boolean known) {

    public Grant {
        permissions = permissions.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(permissions));
    }

    /** All that a role may do. */
    public static Grant of(Role role) {
        return new Grant(role, role.permissions(), true);
    }

    /** Just these. */
    public static Grant of(Set<Permission> permissions) {
        return new Grant(null, permissions, true);
    }

    /**
     * As it is in the database. A role or permission that this version does not know gives nothing: it was written by a
     * later one.
     */
    public static Grant stored(@Nullable String role, @Nullable List<String> permissions) {
        if (role != null) {
            return Role.of(role).map(Grant::of).orElseGet(() -> new Grant(null, Set.of(), false));
        }
        Set<Permission> known = EnumSet.noneOf(Permission.class);
        if (permissions != null) {
            permissions.stream().map(Permission::of).flatMap(Optional::stream).forEach(known::add);
        }
        return new Grant(null, known, permissions != null && known.size() == permissions.size());
    }

    /** Whether everything that the other may do is part of it; of what is not known that cannot be said. */
    public boolean covers(Grant other) {
        return other.known && permissions.containsAll(other.permissions);
    }
}
