package dev.sluice.gateway.retention;

import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.audit.Audit;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.spi.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/**
 * Changes how long an organization has its things kept. Both services ask the database in each of their rounds, which come once a
 * minute, so nobody has to be told. Thread-safe.
 */
public final class RetentionService {

    private final RetentionStore store = new RetentionStore();
    private final TenantTransactions transactions;
    private final Audit audit;
    private final Clock clock;
    private final int eventsDays;

    /**
     * A service on tenant transactions of {@code sluice_api}.
     *
     * @param events how long the installation keeps events
     */
    public RetentionService(TenantTransactions transactions, Audit audit, Clock clock, Duration events) {
        this.transactions = transactions;
        this.audit = audit;
        this.clock = clock;
        this.eventsDays = (int) Math.min(events.toDays(), RetentionPolicy.MOST_DAYS);
    }

    /** Most days that events can be kept. */
    int eventsDays() {
        return eventsDays;
    }

    ObjectNode shown(RetentionPolicy policy) {
        return RetentionJson.write(policy, eventsDays, clock.instant());
    }

    Mono<RetentionPolicy> find(OrganizationId organization) {
        return transactions.inTenant(organization, connection -> store.find(connection, organization));
    }

    /** {@code CONFLICT} when it would end a hold without saying so. */
    Mono<RetentionPolicy> put(Caller caller, RetentionJson.Wanted wanted) {
        OrganizationId organization = caller.principal().organization();
        Instant now = clock.instant();
        return transactions
                .inTenant(
                        organization,
                        connection -> store.findToChange(connection, organization)
                                .doOnNext(former -> requireSaid(former, wanted))
                                .flatMap(former -> store.put(
                                                connection, organization, wanted.policy(), caller.actor(), now)
                                        .then(told(connection, organization, former, wanted.policy()))))
                .thenReturn(wanted.policy().changed(caller.actor(), now));
    }

    private Mono<Void> told(
            Connection connection, OrganizationId organization, RetentionPolicy former, RetentionPolicy policy) {
        ObjectNode detail = Json.object();
        detail.set("before", RetentionJson.said(former));
        detail.set("after", RetentionJson.said(policy));
        return audit.record(connection, "retention.put", "organization:" + organization, detail);
    }

    private static void requireSaid(RetentionPolicy former, RetentionJson.Wanted wanted) {
        if (former.hold() && !wanted.saysHold()) {
            throw new SluiceException(
                    ProblemType.CONFLICT,
                    "The organization's things are held; say 'hold': true with a reason, or 'hold': false to end that.");
        }
    }
}
