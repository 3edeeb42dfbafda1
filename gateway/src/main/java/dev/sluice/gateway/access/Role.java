package dev.sluice.gateway.access;

import static dev.sluice.gateway.access.Permission.AUDIT_READ;
import static dev.sluice.gateway.access.Permission.CORS_MANAGE;
import static dev.sluice.gateway.access.Permission.CORS_READ;
import static dev.sluice.gateway.access.Permission.DATA_UNMASKED;
import static dev.sluice.gateway.access.Permission.ENDPOINTS_MANAGE;
import static dev.sluice.gateway.access.Permission.ENDPOINTS_READ;
import static dev.sluice.gateway.access.Permission.EVENTS_MANAGE;
import static dev.sluice.gateway.access.Permission.EVENTS_READ;
import static dev.sluice.gateway.access.Permission.KEYS_MANAGE;
import static dev.sluice.gateway.access.Permission.KEYS_READ;
import static dev.sluice.gateway.access.Permission.MASKING_MANAGE;
import static dev.sluice.gateway.access.Permission.MASKING_READ;
import static dev.sluice.gateway.access.Permission.MEMBERS_MANAGE;
import static dev.sluice.gateway.access.Permission.MEMBERS_READ;
import static dev.sluice.gateway.access.Permission.ORGANIZATIONS_READ;
import static dev.sluice.gateway.access.Permission.PRESSURE_READ;
import static dev.sluice.gateway.access.Permission.QUOTAS_READ;
import static dev.sluice.gateway.access.Permission.RETENTION_READ;
import static dev.sluice.gateway.access.Permission.ROLES_MANAGE;
import static dev.sluice.gateway.access.Permission.ROUTES_CALL;
import static dev.sluice.gateway.access.Permission.ROUTES_MANAGE;
import static dev.sluice.gateway.access.Permission.ROUTES_READ;
import static dev.sluice.gateway.access.Permission.RUNS_CONTROL;
import static dev.sluice.gateway.access.Permission.RUNS_READ;
import static dev.sluice.gateway.access.Permission.RUNS_START;
import static dev.sluice.gateway.access.Permission.SECRETS_MANAGE;
import static dev.sluice.gateway.access.Permission.SECRETS_READ;
import static dev.sluice.gateway.access.Permission.SHARES_READ;
import static dev.sluice.gateway.access.Permission.USAGE_REPORT;
import static dev.sluice.gateway.access.Permission.WORKFLOWS_DEPLOY;
import static dev.sluice.gateway.access.Permission.WORKFLOWS_READ;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The roles that every organization has. Each may do what the one after it may. */
public enum Role {
    OWNER("owner"),
    ADMIN("admin"),
    MEMBER("member"),
    VIEWER("viewer");

    private final String id;

    Role(String id) {
        this.id = id;
    }

    /** Its name for callers and in the database. */
    public String id() {
        return id;
    }

    /** What it may do; not modifiable. */
    public Set<Permission> permissions() {
        Set<Permission> permissions = switch (this) {
            case OWNER -> EnumSet.allOf(Permission.class);
            case ADMIN ->
                both(
                        EnumSet.of(
                                AUDIT_READ,
                                CORS_MANAGE,
                                DATA_UNMASKED,
                                KEYS_MANAGE,
                                KEYS_READ,
                                MASKING_MANAGE,
                                MEMBERS_MANAGE,
                                ROLES_MANAGE,
                                ROUTES_MANAGE,
                                SECRETS_MANAGE),
                        MEMBER);
            case MEMBER ->
                both(
                        EnumSet.of(
                                ENDPOINTS_MANAGE,
                                EVENTS_MANAGE,
                                WORKFLOWS_DEPLOY,
                                RUNS_START,
                                RUNS_CONTROL,
                                ROUTES_CALL,
                                USAGE_REPORT),
                        VIEWER);
            case VIEWER ->
                EnumSet.of(
                        ORGANIZATIONS_READ,
                        MEMBERS_READ,
                        ENDPOINTS_READ,
                        EVENTS_READ,
                        WORKFLOWS_READ,
                        RUNS_READ,
                        SHARES_READ,
                        ROUTES_READ,
                        CORS_READ,
                        RETENTION_READ,
                        MASKING_READ,
                        SECRETS_READ,
                        QUOTAS_READ,
                        PRESSURE_READ);
        };
        return Collections.unmodifiableSet(permissions);
    }

    /** The role of an id, empty when there is none. */
    public static Optional<Role> of(String id) {
        return Arrays.stream(values()).filter(role -> role.id.equals(id)).findFirst();
    }

    private static Set<Permission> both(Set<Permission> own, Role next) {
        Set<Permission> all = EnumSet.copyOf(own);
        all.addAll(next.permissions());
        return all;
    }
}
