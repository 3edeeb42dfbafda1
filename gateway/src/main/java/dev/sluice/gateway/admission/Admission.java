package dev.sluice.gateway.admission;

import dev.sluice.shared.id.Ids;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.redis.SharedRates;
import dev.sluice.shared.tenancy.Principal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;

/**
 * Admits a request or refuses it with {@link ProblemType#RATE_LIMITED}, and tells the caller where it stands in the
 * fields of draft-ietf-httpapi-ratelimit-headers. Limits hold for all gateways together (ADR 33). Thread-safe, does not block.
 */
public final class Admission implements Disposable {

    private static final UUID UNKNOWN = new UUID(0, -1);

    /** Messages to one address that anybody may cause: three at once, and one more every five minutes. */
    private static final Rate LINKS = new Rate(1.0 / 300, 3);

    private final Buckets keys;
    private final Buckets organizations;
    private final Buckets endpoints;
    private final Buckets entrances;
    private final Buckets links;
    private final RateSharing sharing;

    /** Admission by the given settings, shared with all gateways on the same Redis; {@code nanoTime} is monotonic. */
    public Admission(AdmissionSettings settings, SharedRates rates, MeterRegistry meters, LongSupplier nanoTime) {
        this.keys = new Buckets("key", settings.key(), settings.maxCallers(), nanoTime);
        this.organizations = new Buckets("organization", settings.organization(), settings.maxCallers(), nanoTime);
        this.endpoints = new Buckets("endpoint", settings.endpoint(), settings.maxCallers(), nanoTime);
        this.entrances = new Buckets("client", settings.entrance(), settings.maxCallers(), nanoTime);
        this.links = new Buckets("address", LINKS, settings.maxCallers(), nanoTime);
        String node = Ids.next().toString();
        this.sharing = new RateSharing(
                List.of(keys, organizations, endpoints, entrances, links),
                uses -> rates.settle(node, uses),
                Counter.builder("sluice.admission.unshared")
                        .description("Times this gateway could not share its limits with the others")
                        .register(meters),
                Schedulers.parallel());
    }

    @Override
    public void dispose() {
        sharing.dispose();
    }

    /** Admits a request under {@code /v1}; both the key and its organization must have a token. */
    public void admit(Principal principal, HttpHeaders response) {
        Decision key = keys.take(principal.keyId());
        if (!key.admitted()) {
            refuse(List.of(new Limit("key", keys.rate(), key)), response);
        }
        Decision organization = organizations.take(principal.organization().value());
        Limit byKey = new Limit("key", keys.rate(), key);
        Limit byOrganization = new Limit("organization", organizations.rate(), organization);
        if (!organization.admitted()) {
            refuse(List.of(byOrganization), response);
        }
        announce(List.of(byKey, byOrganization), response);
    }

    /** Admits a delivery to a webhook endpoint. */
    public void admitDelivery(UUID endpoint, HttpHeaders response) {
        Decision decision = endpoints.take(endpoint);
        if (!decision.admitted()) {
            refuse(List.of(new Limit("endpoint", endpoints.rate(), decision)), response);
        }
    }

    /** Admits somebody who comes in, by where they come from; an address that is not known is one like any other. */
    public void admitEntrance(@Nullable InetAddress client, HttpHeaders response) {
        Decision decision = entrances.take(client == null ? UNKNOWN : network(client));
        if (!decision.admitted()) {
            refuse(List.of(new Limit("client", entrances.rate(), decision)), response);
        }
    }

    /** Whether somebody may be sent a message that anybody can cause, by what tells them from others. */
    public boolean admitsLink(UUID recipient) {
        return links.take(recipient).admitted();
    }

    /** All four bytes of an address of version 4, the first eight of one of version 6. */
    private static UUID network(InetAddress client) {
        ByteBuffer bytes = ByteBuffer.wrap(client.getAddress());
        return bytes.remaining() == Integer.BYTES
                ? new UUID(0, Integer.toUnsignedLong(bytes.getInt()))
                : new UUID(bytes.getLong(), -1);
    }

    private static void announce(List<Limit> limits, HttpHeaders response) {
        response.set("RateLimit-Policy", join(limits, Limit::policy));
        response.set("RateLimit", join(limits, Limit::state));
    }

    private void refuse(List<Limit> limits, HttpHeaders response) {
        sharing.hint();
        announce(limits, response);
        Limit limit = limits.getFirst();
        throw new SluiceException(
                ProblemType.RATE_LIMITED,
                "The limit of this " + limit.name + " is used up; " + limit.rate.burst() + " requests at once and "
                        + limit.rate.rate() + " a second are allowed.",
                List.of(),
                Map.of(),
                limit.decision.retryAfter(),
                null);
    }

    private static String join(List<Limit> limits, Function<Limit, String> form) {
        return limits.stream().map(form).collect(Collectors.joining(", "));
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
