package dev.sluice.shared.crypto;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.shared.tenancy.OrganizationId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/**
 * Seals secrets for the database. Each organization has a random data key of its own, wrapped by the master key; what is
 * sealed for one row opens for that organization, purpose and row only. Thread-safe; opened data keys are kept in memory,
 * at most 10,000 of them and each at most ten minutes.
 */
public final class Vault {

    private static final int KEY_BYTES = 32;
    private static final int CACHED_KEYS = 10_000;
    private static final Duration CACHED_FOR = Duration.ofMinutes(10);
    private static final String DATA_KEY = "data-key";

    private final MasterKey current;
    private final Map<String, MasterKey> masters;
    private final DataKeyStore store;
    private final SecureRandom random = seeded();
    private final Cache<OrganizationId, AesGcm> keys = Caffeine.newBuilder()
            .maximumSize(CACHED_KEYS)
            .expireAfterWrite(CACHED_FOR)
            .executor(Runnable::run)
            .build();

    /**
     * A vault over a store of wrapped keys.
     *
     * @param current wraps new data keys
     * @param former  master keys that only open data keys wrapped before a rotation
     */
    public Vault(MasterKey current, List<MasterKey> former, DataKeyStore store) {
        this.current = current;
        this.masters = Stream.concat(Stream.of(current), former.stream())
                .collect(Collectors.toUnmodifiableMap(MasterKey::id, Function.identity(), (first, same) -> first));
        this.store = store;
        warmUp();
    }

    /**
     * Seals a secret; the result is 29 bytes longer.
     *
     * @param purpose table and column, for instance {@code ingress.endpoint.secret}
     * @param row     the id of the row that will hold it
     */
    public Mono<byte[]> seal(OrganizationId organization, String purpose, UUID row, byte[] clear) {
        return key(organization).map(key -> key.seal(clear, associated(organization, purpose, row), random));
    }

    /** Opens what {@link #seal} made with the same arguments; else an {@link UnopenableException}. */
    public Mono<byte[]> open(OrganizationId organization, String purpose, UUID row, byte[] sealed) {
        return key(organization).map(key -> key.open(sealed, associated(organization, purpose, row)));
    }

    /** The platform's default reads a device as it goes, which an event loop must not; this one reads it here, once. */
    private static SecureRandom seeded() {
        try {
            SecureRandom random = SecureRandom.getInstance("DRBG");
            random.nextBytes(new byte[1]);
            return random;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has a DRBG", e);
        }
    }

    /** Providers of ciphers are read from files when they are first used. */
    private void warmUp() {
        byte[] none = new byte[0];
        byte[] opened = current.cipher().open(current.cipher().seal(none, none, random), none);
        if (opened.length != 0) {
            throw new IllegalStateException("AES-256-GCM of this platform is broken");
        }
    }

    private Mono<AesGcm> key(OrganizationId organization) {
        return Mono.defer(() -> {
            AesGcm cached = keys.getIfPresent(organization);
            return cached == null ? load(organization) : Mono.just(cached);
        });
    }

    private Mono<AesGcm> load(OrganizationId organization) {
        return store.find(organization)
                .flatMap(found -> found.map(Mono::just).orElseGet(() -> create(organization)))
                .map(wrapped -> unwrap(organization, wrapped))
                .doOnNext(key -> keys.put(organization, key));
    }

    private Mono<WrappedKey> create(OrganizationId organization) {
        return Mono.defer(() -> {
            byte[] key = new byte[KEY_BYTES];
            random.nextBytes(key);
            byte[] wrapped = current.cipher().seal(key, wrapping(organization), random);
            return store.createIfAbsent(organization, new WrappedKey(current.id(), wrapped));
        });
    }

    private AesGcm unwrap(OrganizationId organization, WrappedKey wrapped) {
        MasterKey master = masters.get(wrapped.masterKeyId());
        if (master == null) {
            throw new UnopenableException();
        }
        return new AesGcm(master.cipher().open(wrapped.bytes(), wrapping(organization)));
    }

    private static byte[] wrapping(OrganizationId organization) {
        return associated(organization, DATA_KEY, organization.value());
    }

    /** Parts of fixed length first, so that no two different triples give the same bytes. */
    private static byte[] associated(OrganizationId organization, String purpose, UUID row) {
        byte[] name = purpose.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(4 * Long.BYTES + name.length)
                .putLong(organization.value().getMostSignificantBits())
                .putLong(organization.value().getLeastSignificantBits())
                .putLong(row.getMostSignificantBits())
                .putLong(row.getLeastSignificantBits())
                .put(name)
                .array();
    }
}
