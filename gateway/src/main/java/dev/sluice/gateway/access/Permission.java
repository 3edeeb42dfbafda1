package dev.sluice.gateway.access;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What somebody may be allowed to do in an organization. An id, once published, keeps its meaning. */
public enum Permission {
    ORGANIZATIONS_READ("organizations:read"),
    /** For whoever has platform scope besides. */
    ORGANIZATIONS_MANAGE("organizations:manage"),
    /** Having an organization end. */
    ORGANIZATIONS_DELETE("organizations:delete"),
    /** Taking all of its data along. */
    ORGANIZATIONS_EXPORT("organizations:export"),
    MEMBERS_READ("members:read"),
    /** Inviting people, changing what they may do, and sending them away. */
    MEMBERS_MANAGE("members:manage"),
    /** The roles that an organization makes for itself. */
    ROLES_MANAGE("roles:manage"),
    KEYS_READ("api-keys:read"),
    KEYS_MANAGE("api-keys:manage"),
    ENDPOINTS_READ("endpoints:read"),
    ENDPOINTS_MANAGE("endpoints:manage"),
    EVENTS_READ("events:read"),
    /** Handing dead events over again. */
    EVENTS_MANAGE("events:manage"),
    WORKFLOWS_READ("workflows:read"),
    WORKFLOWS_DEPLOY("workflows:deploy"),
    RUNS_READ("runs:read"),
    RUNS_START("runs:start"),
    /** Cancelling, suspending, resuming, retrying. */
    RUNS_CONTROL("runs:control"),
    /** Weights and limits of an organization among the others. */
    SHARES_READ("shares:read"),
    SHARES_MANAGE("shares:manage"),
    ROUTES_READ("routes:read"),
    /** Publishing routes, changing them and taking them back. */
    ROUTES_MANAGE("routes:manage"),
    /** Sending requests through those that take credentials. */
    ROUTES_CALL("routes:call"),
    CORS_READ("cors:read"),
    /** Which origins may call in the organization's name. */
    CORS_MANAGE("cors:manage"),
    RETENTION_READ("retention:read"),
    /** How long things are kept, and whether they are held. */
    RETENTION_MANAGE("retention:manage"),
    /** Their names and when they were set; nobody is shown a value. */
    SECRETS_READ("secrets:read"),
    /** Setting and deleting what workflows use as secrets. */
    SECRETS_MANAGE("secrets:manage"),
    MASKING_READ("masking:read"),
    /** Which fields of data are hidden from those who may not see them. */
    MASKING_MANAGE("masking:manage"),
    /** Seeing data as it is. */
    DATA_UNMASKED("data:unmasked"),
    /** What may be used, and was. */
    QUOTAS_READ("quotas:read"),
    /** Plans, and which organization has which; for whoever has platform scope besides. */
    QUOTAS_MANAGE("quotas:manage"),
    /** Telling how many tokens an agent has used. */
    USAGE_REPORT("usage:report"),
    PRESSURE_READ("pressure:read"),
    AUDIT_READ("audit:read");

    private static final Map<String, Permission> BY_ID =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Permission::id, Function.identity()));

    private final String id;

    Permission(String id) {
        this.id = id;
    }

    /** Its name for callers and in the database, such as {@code runs:start}. */
    public String id() {
        return id;
    }

    /** The permission of an id, empty when there is none. */
    public static Optional<Permission> of(String id) {
        return Optional.ofNullable(BY_ID.get(id));
    }

    @Override
    public String toString() {
        return id;
    }
}
