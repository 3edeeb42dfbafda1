package dev.sluice.gateway.change;

import java.util.Arrays;
import java.util.Optional;

/** What can change; an id, once written, keeps its meaning. */
public enum ChangeType {
    /** The subject is the key; it may do nothing any more, or less. */
    KEY_REVOKED("dev.sluice.api-key.revoked"),
    /** The subject is the key that another one takes the place of; it ends soon. */
    KEY_ROTATED("dev.sluice.api-key.rotated"),
    /** The subject is the session. */
    SESSION_ENDED("dev.sluice.session.ended"),
    /** The subject is a person who has another password or second factor; their other sessions have ended. */
    PERSON_SECURED("dev.sluice.person.secured"),
    /** The subject is a person who belongs to the organization, may do something else in it, or belongs to it no more. */
    MEMBER_CHANGED("dev.sluice.member.changed"),
    /** The subject is the organization, one of whose own roles means something else. */
    ROLE_CHANGED("dev.sluice.role.changed"),
    /** The subject is the organization, one of whose published routes leads elsewhere, or is new, or gone. */
    ROUTE_CHANGED("dev.sluice.route.changed"),
    /** The subject is the organization, which lets other origins call, or none any more. */
    CORS_CHANGED("dev.sluice.cors.changed"),
    /** The subject is the organization, which hides other fields from those who may not see everything. */
    MASKING_CHANGED("dev.sluice.masking.changed"),
    /** The subject is the organization, which may use more or less from now on. */
    QUOTA_CHANGED("dev.sluice.quota.changed"),
    /** Somebody of the organization has changed a plan, which any organization may have; it is the subject too. */
    PLAN_CHANGED("dev.sluice.plan.changed"),
    /** The subject is the organization, which nobody comes in as any more. */
    ORGANIZATION_CLOSED("dev.sluice.organization.closed");

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
