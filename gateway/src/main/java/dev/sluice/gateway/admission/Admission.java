package dev.sluice.gateway.admission;

import dev.sluice.shared.id.Ids;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.redis.SharedRates;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Admits a request or refuses it with {@link ProblemType#RATE_LIMITED}, and tells the caller where it stands in the
 * fields of draft-ietf-httpapi-ratelimit-headers. Limits hold for all gateways together (ADR 33). Thread-safe, does not block.
 */
public final class Admission {

    private static final String POLICY = "RateLimit-Policy";
    private static final String STATE = "RateLimit";
    private static final UUID UNKNOWN = new UUID(0, -1);

    /** Odd, so that nothing is lost: two routes' clients are told apart. */
    private static final long MIX = 0x9E3779B97F4A7C15L;

    /** Messages to one address that anybody may cause: three at once, and one more every five minutes. */
    private static final Rate LINKS = new Rate(1.0 / 300, 3);

    /** Preflights of one address, behind which may be many people; browsers keep the answers for minutes. */
    private static final Rate PREFLIGHTS = new Rate(50, 500);

    private final AdmissionSettings settings;
    private final Buckets keys;
    private final Buckets organizations;
    private final Buckets endpoints;
    private final Buckets entrances;
    private final Buckets routes;
    private final Buckets routeClients;
    private final Buckets links;
    private final Buckets preflights;
    private final Buckets operations;
    private final RateSharing sharing;

    /** Admission by the given settings, shared with all gateways on the same Redis; {@code nanoTime} is monotonic. */
    public Admission(AdmissionSettings settings, SharedRates rates, MeterRegistry meters, LongSupplier nanoTime) {
        this.settings = settings;
        this.keys = new Buckets("key", settings.maxCallers(), nanoTime);
        this.organizations = new Buckets("organization", settings.maxCallers(), nanoTime);
        this.endpoints = new Buckets("endpoint", settings.maxCallers(), nanoTime);
        this.entrances = new Buckets("client", settings.maxCallers(), nanoTime);
        this.routes = new Buckets("route", settings.maxCallers(), nanoTime);
        this.routeClients = new Buckets("route-client", settings.maxCallers(), nanoTime);
        this.links = new Buckets("address", settings.maxCallers(), nanoTime);
        this.preflights = new Buckets("preflight", settings.maxCallers(), nanoTime);
        this.operations = new Buckets("operation", settings.maxCallers(), nanoTime);
        String node = Ids.next().toString();
        this.sharing = new RateSharing(
                List.of(keys, organizations, endpoints, entrances, links, routes, routeClients, preflights, operations),
                uses -> rates.settle(node, uses),
                rates.leave(node),
                Counter.builder("sluice.admission.unshared")
                        .description("Times this gateway could not share its limits with the others")
                        .register(meters),
                Schedulers.parallel());
    }

    /** Ends; the other gateways hear what was admitted here and have the limits for themselves. Never fails, takes 2 s at most. */
    public Mono<Void> close() {
        return sharing.close();
    }

    /** Admits a request of somebody who is known; both the key and its organization must have a token. */
    public void admit(Principal principal, HttpHeaders response) {
        Limit key = take("key", keys, principal.keyId(), settings.key(), response);
        Limit organization = takeOrganization(principal.organization(), response);
        response.add(POLICY, key.policy() + ", " + organization.policy());
        response.add(STATE, key.state() + ", " + organization.state());
    }

    /** Admits a request of somebody who need not be known, to something of an organization's. */
    public void admitAnybody(OrganizationId organization, HttpHeaders response) {
        announce(takeOrganization(organization, response), response);
    }

    /**
     * Admits a request to a published route.
     *
     * @param all  for all who send through it together; absent for no limit
     * @param each for each client address; absent for no limit
     */
    public void admitThrough(
            UUID route, @Nullable Rate all, @Nullable InetAddress client, @Nullable Rate each, HttpHeaders response) {
        if (each != null) {
            UUID network = client == null ? UNKNOWN : network(client);
            announce(take("client", routeClients, both(route, network), each, response), response);
        }
        if (all != null) {
            announce(take("route", routes, route, all, response), response);
        }
    }

    /** Admits a request to a route of the API that has a limit of its own, for each organization. */
    void admitTo(UUID route, Rate rate, OrganizationId organization, HttpHeaders response) {
        announce(take("operation", operations, both(route, organization.value()), rate, response), response);
    }

    /** Admits a delivery to a webhook endpoint. */
    public void admitDelivery(UUID endpoint, HttpHeaders response) {
        Limit ignored = take("endpoint", endpoints, endpoint, settings.endpoint(), response);
    }

    /** Admits somebody who comes in, by where they come from; an address that is not known is one like any other. */
    public void admitEntrance(@Nullable InetAddress client, HttpHeaders response) {
        UUID network = client == null ? UNKNOWN : network(client);
        Limit ignored = take("client", entrances, network, settings.entrance(), response);
    }

    /** Admits what a browser asks before it sends a request, by where it comes from. */
    public void admitPreflight(@Nullable InetAddress client, HttpHeaders response) {
        UUID network = client == null ? UNKNOWN : network(client);
        Limit ignored = take("preflight", preflights, network, PREFLIGHTS, response);
    }

    private Limit takeOrganization(OrganizationId organization, HttpHeaders response) {
        return take("organization", organizations, organization.value(), settings.organization(), response);
    }

    private Limit take(String name, Buckets buckets, UUID caller, Rate rate, HttpHeaders response) {
        Decision decision = buckets.take(caller, rate);
        Limit limit = new Limit(name, rate, decision);
        if (!decision.admitted()) {
            refuse(limit, response);
        }
        return limit;
    }

    /** Whether somebody may be sent a message that anybody can cause, by what tells them from others. */
    public boolean admitsLink(UUID recipient) {
        return links.take(recipient, LINKS).admitted();
    }

    private static UUID both(UUID one, UUID other) {
        return new UUID(
                one.getMostSignificantBits() * MIX ^ other.getMostSignificantBits(),
                one.getLeastSignificantBits() * MIX ^ other.getLeastSignificantBits());
    }

    /** All four bytes of an address of version 4, the first eight of one of version 6. */
    private static UUID network(InetAddress client) {
        ByteBuffer bytes = ByteBuffer.wrap(client.getAddress());
        return bytes.remaining() == Integer.BYTES
                ? new UUID(0, Integer.toUnsignedLong(bytes.getInt()))
                : new UUID(bytes.getLong(), -1);
    }

    private static void announce(Limit limit, HttpHeaders response) {
        response.add(POLICY, limit.policy());
        response.add(STATE, limit.state());
    }

    private void refuse(Limit limit, HttpHeaders response) {
        sharing.hint();
        announce(limit, response);
        throw new SluiceException(
                ProblemType.RATE_LIMITED,
                "The limit of this " + limit.name + " is used up; " + limit.rate.burst() + " requests at once and "
                        + limit.rate.rate() + " a second are allowed.",
                List.of(),
                Map.of(),
                limit.decision.retryAfter(),
                null);
    }

    private record Limit(String name, Rate rate, Decision decision) {

        String policy() {
            return "\"" + name + "\";q=" + rate.burst() + ";w=" + rate.windowSeconds();
        }

        String state() {
            return "\"" + name + "\";r=" + decision.remaining() + ";t=" + decision.seconds();
        }
    }
}
