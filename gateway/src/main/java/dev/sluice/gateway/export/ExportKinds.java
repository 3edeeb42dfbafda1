package dev.sluice.gateway.export;

import dev.sluice.shared.export.ExportKind;
import java.util.List;
import java.util.Map;

/** What is exported of the gateway's tables. */
final class ExportKinds {

    private static final String ORGANIZATIONS = """
            select id, name, parent_id, depth, created_at, closed_at, array[id::text] as cursor from identity.organization
            where id = $1 and id > ($2::text[])[1]::uuid order by id limit $3
            """;

    private static final String MEMBERS = """
            select m.person_id, p.email, p.name, m.role, m.own_role, m.created_at, array[m.person_id::text] as cursor
            from identity.member m join identity.person p on p.id = m.person_id
            where m.organization_id = $1 and m.person_id > ($2::text[])[1]::uuid order by m.person_id limit $3
            """;

    private static final String ROLES = """
            select name, permissions, created_at, array[name] as cursor from identity.role
            where organization_id = $1 and name > ($2::text[])[1] order by name limit $3
            """;

    private static final String INVITATIONS = """
            select id, email, role, own_role, invited_by, created_at, expires_at, array[id::text] as cursor
            from identity.invitation where organization_id = $1 and id > ($2::text[])[1]::uuid order by id limit $3
            """;

    private static final String API_KEYS = """
            select id, name, scope, role, permissions, created_at, expires_at, last_used_at, revoked_at, replaced_by,
                array[id::text] as cursor
            from identity.api_key where organization_id = $1 and id > ($2::text[])[1]::uuid order by id limit $3
            """;

    private static final String ENDPOINTS = """
            select id, name, source, created_at, array[id::text] as cursor
            from ingress.endpoint where organization_id = $1 and id > ($2::text[])[1]::uuid order by id limit $3
            """;

    private static final String EVENTS = """
            select id, endpoint_id, source, type, subject, time, content_type, data, array[id::text] as cursor
            from (
                select *, sum(octet_length(data)) over (order by id) as bytes, row_number() over (order by id) as position
                from (
                    select * from ingress.event
                    where organization_id = $1 and id > ($2::text[])[1]::uuid order by id limit $3) page
            ) e where bytes <= 1048576 or position = 1 order by id
            """;

    private static final String ROUTES = """
            select name, path, version, purges, created_at, array[name] as cursor from ingress.route
            where organization_id = $1 and name > ($2::text[])[1] order by name limit $3
            """;

    private static final String ROUTE_VERSIONS = """
            select id, name, version, document, created_by, created_at, array[id::text] as cursor
            from ingress.route_version where organization_id = $1 and id > ($2::text[])[1]::uuid order by id limit $3
            """;

    private static final String CORS = """
            select document, changed_by, changed_at, array[organization_id::text] as cursor from identity.cors
            where organization_id = $1 and organization_id > ($2::text[])[1]::uuid order by organization_id limit $3
            """;

    private static final String RETENTION = """
            select runs_days, events_days, audit_days, hold, hold_reason, changed_by, changed_at,
                array[organization_id::text] as cursor from identity.retention
            where organization_id = $1 and organization_id > ($2::text[])[1]::uuid order by organization_id limit $3
            """;

    private static final String MASKING = """
            select document, changed_by, changed_at, array[organization_id::text] as cursor from identity.masking
            where organization_id = $1 and organization_id > ($2::text[])[1]::uuid order by organization_id limit $3
            """;

    private static final String QUOTAS = """
            select plan, allowances, array[organization_id::text] as cursor from identity.quota
            where organization_id = $1 and organization_id > ($2::text[])[1]::uuid order by organization_id limit $3
            """;

    private static final String USAGE = """
            select day, kind, amount, array[day::text, kind] as cursor from identity.usage
            where organization_id = $1 and (day, kind) > (($2::text[])[1]::date, ($2::text[])[2])
            order by day, kind limit $3
            """;

    private static final String AUDIT = """
            select number, at, actor, action, subject, denied, request_id, address, detail, encode(hash, 'hex') as hash,
                array[number::text] as cursor
            from audit.entry where organization_id = $1 and number > ($2::text[])[1]::bigint order by number limit $3
            """;

    static final List<ExportKind> ALL = List.of(
            ExportKind.byId("organization", "identity.organization", ORGANIZATIONS),
            ExportKind.byId("member", "identity.member", MEMBERS),
            ExportKind.byKey("role", "identity.role", ROLES, List.of("")),
            ExportKind.byId("invitation", "identity.invitation", INVITATIONS, "token_hash"),
            ExportKind.byId("api-key", "identity.api_key", API_KEYS, "hash"),
            ExportKind.byId("endpoint", "ingress.endpoint", ENDPOINTS, "token_hash", "sealed_secret"),
            ExportKind.byId("event", "ingress.event", EVENTS),
            ExportKind.byKey("route", "ingress.route", ROUTES, List.of("")),
            ExportKind.byId("route-version", "ingress.route_version", ROUTE_VERSIONS, "sealed_headers"),
            ExportKind.byId("cors", "identity.cors", CORS),
            ExportKind.byId("retention", "identity.retention", RETENTION),
            ExportKind.byId("masking", "identity.masking", MASKING),
            ExportKind.byId("quota", "identity.quota", QUOTAS),
            ExportKind.byKey("usage", "identity.usage", USAGE, List.of("-infinity", "")),
            ExportKind.byKey("audit-entry", "audit.entry", AUDIT, List.of("0")));

    /** Tables that are left out as a whole, and why. */
    static final Map<String, String> LEFT_OUT = Map.of(
            "identity.session", "belongs to people, and is in their own exports",
            "identity.data_key", "wrapped keys",
            "identity.change", "notes for the caches of gateways, gone after a week",
            "identity.deletion", "of organizations that are closed",
            "identity.usage_lease", "what gateways have taken ahead, which is part of the usage",
            "identity.usage_report", "hashes of keys that callers chose, gone after a day",
            "ingress.dedupe", "hashes of the deliveries of a week",
            "audit.head", "the last audit entry has the same",
            "audit.outbox", "audit entries that are about to be told");

    private ExportKinds() {}
}
