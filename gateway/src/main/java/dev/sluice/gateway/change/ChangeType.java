package dev.sluice.gateway.change;

import java.util.Arrays;
import java.util.Optional;

/** What can change; an id, once written, keeps its meaning. */
public enum ChangeType {
    /** The subject is the key; it may do nothing any more, or less. */
    KEY_REVOKED("dev.sluice.api-key.revoked"),
    /** The subject is the key that another one takes the place of; it ends soon. */
    KEY_ROTATED("dev.sluice.api-key.rotated");

    private final String id;

    ChangeType(String id) {
        this.id = id;
    }

    /** Its name in the database, and as the type of an event. */
    public String id() {
        return id;
    }

    /** The type of an id; empty for one that a later version wrote. */
    static Optional<ChangeType> of(String id) {
        return Arrays.stream(values()).filter(type -> type.id.equals(id)).findFirst();
    }
}
