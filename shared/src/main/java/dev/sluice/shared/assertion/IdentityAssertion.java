package dev.sluice.shared.assertion;

import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs and verifies who makes a request (ADR 3). The gateway signs, an executor verifies; both hold the same key of at
 * least 256 bits. An assertion is bound to method and request target and lives for {@link #LIFETIME}, so one that leaks is
 * worth little. Form: base64url of {@code version(1) expiry-millis(8) organization(16) key(16) scope(1) hmac-sha256(32)}.
 * The scope's highest bit says that data is to be masked; who does not know the bit knows no such scope.
 * Thread-safe, non-blocking.
 */
public final class IdentityAssertion {

    /** The header it travels in. The gateway removes what a client sends under this name. */
    public static final String HEADER = "Sluice-Identity";

    /** How long an assertion is good for. */
    public static final Duration LIFETIME = Duration.ofSeconds(30);

    private static final byte VERSION = 1;
    private static final int BODY_LENGTH = 1 + 8 + 16 + 16 + 1;
    private static final int MAC_LENGTH = 32;
    private static final int MASKED = 0x80;
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;
    private final Clock clock;

    /**
     * @param key   the shared key
     * @param clock time for expiry; gateway and executor clocks may differ by less than {@link #LIFETIME}
     * @throws IllegalArgumentException when the key has fewer than 32 bytes
     */
    public IdentityAssertion(byte[] key, Clock clock) {
        if (key.length < 32) {
            throw new IllegalArgumentException("assertion key: " + key.length + " bytes (expected: >= 32)");
        }
        this.key = new SecretKeySpec(key, ALGORITHM);
        this.clock = clock;
    }

    /** The header's value for one request. {@code target} is path and query as they go over the wire. */
    public String sign(Principal principal, String method, String target) {
        ByteBuffer body = ByteBuffer.allocate(BODY_LENGTH + MAC_LENGTH);
        body.put(VERSION).putLong(clock.instant().plus(LIFETIME).toEpochMilli());
        put(body, principal.organization().value());
        put(body, principal.keyId());
        body.put((byte) (principal.scope().code() | (principal.masked() ? MASKED : 0)));
        body.put(mac(Arrays.copyOf(body.array(), BODY_LENGTH), method, target));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(body.array());
    }

    /** The principal, or empty when the value is forged, expired, malformed, or signed for another request. */
    public Optional<Principal> verify(String value, String method, String target) {
        return decode(value).filter(bytes -> authentic(bytes, method, target)).flatMap(this::principal);
    }

    private static Optional<byte[]> decode(String value) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(value);
            return bytes.length == BODY_LENGTH + MAC_LENGTH ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private boolean authentic(byte[] bytes, String method, String target) {
        byte[] expected = mac(Arrays.copyOf(bytes, BODY_LENGTH), method, target);
        byte[] given = Arrays.copyOfRange(bytes, BODY_LENGTH, bytes.length);
        return MessageDigest.isEqual(expected, given);
    }

    private Optional<Principal> principal(byte[] bytes) {
        ByteBuffer body = ByteBuffer.wrap(bytes);
        boolean known = body.get() == VERSION;
        Instant expiry = Instant.ofEpochMilli(body.getLong());
        Instant now = clock.instant();
        boolean alive = now.isBefore(expiry) && expiry.isBefore(now.plus(LIFETIME.multipliedBy(2)));
        OrganizationId organization = new OrganizationId(uuid(body));
        UUID keyId = uuid(body);
        if (!known || !alive) {
            return Optional.empty();
        }
        int code = Byte.toUnsignedInt(body.get());
        return Principal.Scope.ofCode(code & ~MASKED)
                .map(scope -> new Principal(organization, keyId, scope, (code & MASKED) != 0));
    }

    private byte[] mac(byte[] body, String method, String target) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(body);
            mac.update(method.getBytes(StandardCharsets.US_ASCII));
            mac.update((byte) ' ');
            return mac.doFinal(target.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
        }
    }

    private static void put(ByteBuffer body, UUID id) {
        body.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    private static UUID uuid(ByteBuffer body) {
        return new UUID(body.getLong(), body.getLong());
    }
}
