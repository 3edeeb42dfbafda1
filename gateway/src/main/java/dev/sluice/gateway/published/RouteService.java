package dev.sluice.gateway.published;

import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.audit.Audit;
import dev.sluice.gateway.change.Change;
import dev.sluice.gateway.change.ChangeType;
import dev.sluice.gateway.change.Changes;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.PostgresErrors;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.spi.Connection;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * Publishes routes and takes them back. What a change makes of them is what all gateways go by within a second; requests under
 * way go on as they began. Thread-safe; everything it returns is done when it completes.
 */
public final class RouteService {

    private static final String PATH_CONSTRAINT = "route_path";

    private final RouteStore store = new RouteStore();
    private final Changes changes = new Changes();
    private final TenantTransactions transactions;
    private final RouteSecrets secrets;
    private final PublishedRoutes routes;
    private final Audit audit;
    private final Clock clock;

    /** A service on tenant transactions of {@code sluice_api}. */
    public RouteService(
            TenantTransactions transactions, RouteSecrets secrets, PublishedRoutes routes, Audit audit, Clock clock) {
        this.transactions = transactions;
        this.secrets = secrets;
        this.routes = routes;
        this.audit = audit;
        this.clock = clock;
    }

    Mono<List<RouteVersion>> list(Caller caller) {
        OrganizationId organization = organization(caller);
        return transactions.inTenant(organization, connection -> store.active(connection, organization));
    }

    /** The version in use; {@code NOT_FOUND} for no such route. */
    Mono<RouteVersion> find(Caller caller, String name) {
        OrganizationId organization = organization(caller);
        return transactions.inTenant(
                organization,
                connection -> store.findActive(connection, organization, name).map(RouteService::required));
    }

    Mono<RouteVersion> find(Caller caller, String name, int version) {
        OrganizationId organization = organization(caller);
        return transactions.inTenant(
                organization,
                connection ->
                        store.find(connection, organization, name, version).map(RouteService::required));
    }

    /** The latest first; {@code NOT_FOUND} for no such route. */
    Mono<List<RouteVersion>> versions(Caller caller, String name) {
        OrganizationId organization = organization(caller);
        return transactions
                .inTenant(organization, connection -> store.versions(connection, organization, name))
                .filter(versions -> !versions.isEmpty())
                .switchIfEmpty(Mono.error(RouteService::unknown));
    }

    /** A new version, which requests go by from now on. What it keeps of the secrets is opened and sealed before its turn. */
    Mono<RouteVersion> put(Caller caller, String name, PublishedRoute route) {
        OrganizationId organization = organization(caller);
        UUID id = Ids.next();
        return transactions
                .inTenant(organization, connection -> store.findActive(connection, organization, name))
                .flatMap(former -> secrets.kept(organization, former, route))
                .flatMap(complete -> secrets.seal(organization, id, complete.secrets()))
                .flatMap(headers -> inTurn(
                        organization,
                        connection -> roomFor(connection, organization, name)
                                .map(latest -> version(caller, id, name, latest + 1, route, headers))
                                .flatMap(version -> add(connection, organization, version, route.path()))));
    }

    /** Takes up a version again, with the secrets it had. */
    Mono<RouteVersion> activate(Caller caller, String name, int version) {
        OrganizationId organization = organization(caller);
        return inTurn(
                organization,
                connection -> store.find(connection, organization, name, version)
                        .map(RouteService::required)
                        .flatMap(found -> store.put(
                                        connection,
                                        organization,
                                        name,
                                        found.route().path(),
                                        version)
                                .then(told(
                                        connection,
                                        organization,
                                        "route.activate",
                                        name,
                                        Json.object().put("version", version)))
                                .then(Mono.defer(() -> store.findActive(connection, organization, name))))
                        .map(RouteService::required));
    }

    /** Throws away what was kept of its answers. */
    Mono<Void> purge(Caller caller, String name) {
        OrganizationId organization = organization(caller);
        return inTurn(
                organization,
                connection -> store.purge(connection, organization, name)
                        .flatMap(RouteService::requireKnown)
                        .then(told(connection, organization, "route.purge", name, Json.object())));
    }

    /** With all its versions. */
    Mono<Void> delete(Caller caller, String name) {
        OrganizationId organization = organization(caller);
        return inTurn(
                organization,
                connection -> store.delete(connection, organization, name)
                        .flatMap(RouteService::requireKnown)
                        .then(told(connection, organization, "route.delete", name, Json.object())));
    }

    /** One change after the other; requests at this node go by it when it is done. */
    private <T> Mono<T> inTurn(OrganizationId organization, Function<Connection, Mono<T>> change) {
        return transactions
                .inTenant(
                        organization,
                        connection ->
                                store.lock(connection, organization).then(Mono.defer(() -> change.apply(connection))))
                .onErrorMap(error -> PostgresErrors.isUniqueViolation(error, PATH_CONSTRAINT), RouteService::pathTaken)
                .materialize()
                .delayUntil(end -> end.isOnError() ? Mono.empty() : routes.renewed(organization))
                .dematerialize();
    }

    /** The number of the route's latest version, 0 for a new route; a conflict when there is no room for one. */
    private Mono<Integer> roomFor(Connection connection, OrganizationId organization, String name) {
        return store.latest(connection, organization, name)
                .flatMap(latest -> latest > 0
                        ? Mono.just(latest)
                        : store.count(connection, organization)
                                .filter(count -> count < RouteStore.MOST)
                                .switchIfEmpty(Mono.error(RouteService::tooMany))
                                .thenReturn(latest));
    }

    private Mono<RouteVersion> add(
            Connection connection, OrganizationId organization, RouteVersion version, RoutePath path) {
        int forgotten = version.version() - RouteStore.MOST_VERSIONS;
        return store.put(connection, organization, version.name(), path, version.version())
                .then(store.addVersion(connection, organization, version))
                .then(store.forget(connection, organization, version.name(), forgotten))
                .then(told(connection, organization, "route.put", version.name(), version.document()))
                .thenReturn(version);
    }

    private RouteVersion version(
            Caller caller, UUID id, String name, int number, PublishedRoute route, Optional<byte[]> headers) {
        return new RouteVersion(
                id,
                name,
                number,
                RouteJson.write(route),
                headers.map(ByteBuffer::wrap).orElse(null),
                caller.actor(),
                clock.instant(),
                true,
                0);
    }

    private Mono<Void> told(
            Connection connection, OrganizationId organization, String action, String name, JsonNode detail) {
        return changes.record(connection, new Change(organization, ChangeType.ROUTE_CHANGED, organization.value()))
                .then(audit.record(connection, action, "route:" + name, detail));
    }

    private static OrganizationId organization(Caller caller) {
        return caller.principal().organization();
    }

    private static RouteVersion required(Optional<RouteVersion> version) {
        return version.orElseThrow(RouteService::unknown);
    }

    private static Mono<Void> requireKnown(boolean known) {
        return known ? Mono.empty() : Mono.error(RouteService::unknown);
    }

    private static SluiceException unknown() {
        return SluiceException.notFound("The route");
    }

    private static SluiceException tooMany() {
        return new SluiceException(ProblemType.CONFLICT, "An organization has " + RouteStore.MOST + " routes at most.");
    }

    private static SluiceException pathTaken(Throwable cause) {
        return new SluiceException(
                ProblemType.CONFLICT,
                "Another route of this organization has this path; change or delete that one.",
                cause);
    }
}
