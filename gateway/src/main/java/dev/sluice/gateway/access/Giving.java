package dev.sluice.gateway.access;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.util.stream.Collectors;

/** Nobody gives away or takes back what they do not have themselves. */
public final class Giving {

    private Giving() {}

    /** Throws {@link ProblemType#FORBIDDEN} for a key that ends: what people get from it would last. */
    public static void requireLasting(Caller caller) {
        if (caller.isKey() && caller.expiresAt() != null) {
            throw new SluiceException(
                    ProblemType.FORBIDDEN,
                    "Your key ends at " + caller.expiresAt() + ", and makes nothing that lasts.");
        }
    }

    /**
     * Throws {@link ProblemType#FORBIDDEN}, with what the caller lacks, unless they have all of the grant.
     *
     * @param what they would do, such as "give"
     */
    public static void requireCovered(Caller caller, Grant grant, String what) {
        if (!caller.grant().covers(grant)) {
            String lacking = grant.permissions().stream()
                    .filter(permission -> !caller.may(permission))
                    .map(Permission::id)
                    .collect(Collectors.joining(", "));
            throw new SluiceException(
                    ProblemType.FORBIDDEN,
                    "You cannot " + what + " permissions you lack yourself: "
                            + (lacking.isEmpty() ? "unknown" : lacking) + ".");
        }
        if (grant.role() != null && caller.grant().role() == null) {
            throw new SluiceException(
                    ProblemType.FORBIDDEN,
                    "You have single permissions, and cannot " + what + " a role: it may come to mean more.");
        }
    }
}
