package dev.sluice.gateway.export;

import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.audit.Audit;
import dev.sluice.gateway.lookup.Columns;
import dev.sluice.gateway.lookup.Rows;
import dev.sluice.gateway.person.PersonTransactions;
import dev.sluice.shared.export.ExportMeter;
import dev.sluice.shared.export.Exporter;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import java.util.List;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What is kept about a person, as lines that end with a manifest: for themselves all that is their own, what they did in each of
 * their organizations included; for an organization what it has of a member. Thread-safe.
 */
public final class PersonExports {

    private static final String ORGANIZATIONS =
            "select organization_id from identity.member where person_id = $1 order by organization_id";

    private static final String IS_MEMBER =
            "select person_id from identity.member where organization_id = $1 and person_id = $2";

    private final PersonTransactions people;
    private final TenantTransactions transactions;
    private final Audit audit;

    /** On transactions of {@code sluice_api}. */
    public PersonExports(PersonTransactions people, TenantTransactions transactions, Audit audit) {
        this.people = people;
        this.transactions = transactions;
        this.audit = audit;
    }

    /** Of whoever asks. */
    Flux<byte[]> own(Caller caller) {
        UUID person = caller.principal().keyId();
        Flux<byte[]> account = new Exporter(person, work -> people.as(person, work)).lines(PersonKinds.OWN);
        return whole(account.concatWith(
                organizations(person).concatMap(organization -> in(organization).lines(PersonKinds.deeds(person)), 0)));
    }

    /** Of a member of the caller's organization; that it was taken is on record. */
    Flux<byte[]> member(Caller caller, UUID person) {
        OrganizationId organization = caller.principal().organization();
        return recorded(organization, person)
                .thenMany(Flux.defer(() -> whole(in(organization).lines(PersonKinds.member(person)))));
    }

    private Exporter in(OrganizationId organization) {
        return Exporter.of(organization, transactions);
    }

    private Flux<OrganizationId> organizations(UUID person) {
        return people.as(
                        person,
                        connection -> Rows.all(
                                        connection
                                                .createStatement(ORGANIZATIONS)
                                                .bind(0, person),
                                        row -> new OrganizationId(Columns.required(row, "organization_id", UUID.class)))
                                .collectList())
                .flatMapIterable(List::copyOf);
    }

    private Mono<Void> recorded(OrganizationId organization, UUID person) {
        return transactions
                .inTenant(
                        organization,
                        connection -> Rows.first(
                                        connection
                                                .createStatement(IS_MEMBER)
                                                .bind(0, organization.value())
                                                .bind(1, person),
                                        row -> true)
                                .map(found -> found.orElseThrow(() -> SluiceException.notFound("The member")))
                                .flatMap(found -> audit.record(
                                                connection, "member.export", Caller.person(person), Json.object())
                                        .thenReturn(true)))
                .then();
    }

    private static Flux<byte[]> whole(Flux<byte[]> lines) {
        return Flux.defer(() -> {
            ExportMeter meter = new ExportMeter();
            return lines.doOnNext(meter::accept)
                    .concatWith(Mono.fromSupplier(() -> meter.close(ExportMeter.MANIFEST, Json.object())));
        });
    }
}
