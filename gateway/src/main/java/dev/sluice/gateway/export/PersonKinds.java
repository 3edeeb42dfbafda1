package dev.sluice.gateway.export;

import dev.sluice.shared.export.ExportKind;
import java.util.List;
import java.util.UUID;

/** What is exported of a person: all that is their own, or what an organization has of them. */
final class PersonKinds {

    private static final String ACCOUNT = """
            select id, email, name, second_factor, created_at, array[id::text] as cursor from identity.person
            where id = $1 and id > ($2::text[])[1]::uuid limit $3
            """;

    private static final String MEMBERSHIPS = """
            select m.organization_id, o.name as organization, m.role, m.own_role, m.created_at,
                array[m.organization_id::text] as cursor
            from identity.member m join identity.organization o on o.id = m.organization_id
            where m.person_id = $1 and m.organization_id > ($2::text[])[1]::uuid order by m.organization_id limit $3
            """;

    private static final String SESSIONS = """
            select id, organization_id, agent, address, created_at, seen_at, expires_at, array[id::text] as cursor
            from identity.session where person_id = $1 and id > ($2::text[])[1]::uuid order by id limit $3
            """;

    private static final String CONSENTS = """
            select id, purpose, version, given_at, withdrawn_at, array[id::text] as cursor
            from identity.consent where person_id = $1 and id > ($2::text[])[1]::uuid order by id limit $3
            """;

    /** The cursor carries whose it is. */
    private static final String MEMBER = """
            select m.person_id, p.email, p.name, m.role, m.own_role, m.created_at, array[m.person_id::text, 'after'] as cursor
            from identity.member m join identity.person p on p.id = m.person_id
            where m.organization_id = $1 and m.person_id = ($2::text[])[1]::uuid and ($2::text[])[2] = 'before' limit $3
            """;

    private static final String DEEDS = """
            select organization_id, number, at, action, subject, denied, request_id, address, detail,
                array[($2::text[])[1], number::text] as cursor
            from audit.entry
            where organization_id = $1 and actor = 'person:' || ($2::text[])[1] and number > ($2::text[])[2]::bigint
            order by number limit $3
            """;

    /** In transactions of the person. */
    static final List<ExportKind> OWN = List.of(
            ExportKind.byId("account", "identity.person", ACCOUNT, "password", "sealed_secret"),
            ExportKind.byId("membership", "identity.member", MEMBERSHIPS),
            ExportKind.byId("session", "identity.session", SESSIONS, "hash"),
            ExportKind.byId("consent", "identity.consent", CONSENTS));

    private PersonKinds() {}

    /** What they did in the organization of the transaction. */
    static List<ExportKind> deeds(UUID person) {
        return List.of(ExportKind.byKey("audit-entry", "audit.entry", DEEDS, List.of(person.toString(), "0")));
    }

    /** What the organization of the transaction has of them. */
    static List<ExportKind> member(UUID person) {
        return List.of(
                ExportKind.byKey("member", "identity.member", MEMBER, List.of(person.toString(), "before")),
                deeds(person).getFirst());
    }
}
