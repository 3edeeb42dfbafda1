package dev.sluice.gateway.person;

import dev.sluice.shared.crypto.Vault;
import dev.sluice.shared.tenancy.OrganizationId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** The secrets of people's second factors, sealed with the data key of the installation's own organization. Thread-safe. */
public final class SecondFactor {

    private static final String PURPOSE = "identity.person.sealed_secret";

    private final Vault vault;
    private final OrganizationId home;
    private final Totp totp;

    /**
     * Sealed there.
     *
     * @param home the organization that exists from the first start on
     */
    public SecondFactor(Vault vault, OrganizationId home, Totp totp) {
        this.vault = vault;
        this.home = home;
        this.totp = totp;
    }

    /** A new secret. */
    public byte[] secret() {
        return totp.secret();
    }

    /** A person's secret as it is stored. */
    public Mono<byte[]> seal(UUID person, byte[] secret) {
        return vault.seal(home, PURPOSE, person, secret);
    }

    /** The step of time whose code this is; empty when it is none of those around now. */
    public Mono<OptionalLong> step(UUID person, ByteBuffer stored, String code, Instant now) {
        byte[] bytes = new byte[stored.remaining()];
        stored.duplicate().get(bytes);
        return vault.open(home, PURPOSE, person, bytes).map(secret -> totp.step(secret, code, now));
    }
}
