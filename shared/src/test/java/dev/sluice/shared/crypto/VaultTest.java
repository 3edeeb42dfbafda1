package dev.sluice.shared.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.shared.id.Ids;
import dev.sluice.shared.tenancy.OrganizationId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

final class VaultTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final byte[] SECRET = "a secret".getBytes(StandardCharsets.UTF_8);
    private static final String PURPOSE = "ingress.endpoint.secret";

    private final OrganizationId organization = new OrganizationId(Ids.next());
    private final UUID row = Ids.next();
    private final MapStore store = new MapStore();
    private final Vault vault = new Vault(master(1), List.of(), store);

    @Test
    void opensWhatItSealedAlsoAfterARestart() {
        byte[] sealed = seal(vault, organization);
        assertThat(sealed).hasSize(SECRET.length + 29);
        assertOpens(vault, sealed);
        assertOpens(new Vault(master(1), List.of(), store), sealed);
    }

    @Test
    void sealsTheSameSecretDifferentlyEachTime() {
        assertThat(seal(vault, organization)).isNotEqualTo(seal(vault, organization));
    }

    @Test
    void opensForItsOwnOrganizationPurposeAndRowOnly() {
        byte[] sealed = seal(vault, organization);
        assertFails(vault.open(new OrganizationId(Ids.next()), PURPOSE, row, sealed));
        assertFails(vault.open(organization, "ingress.endpoint.other", row, sealed));
        assertFails(vault.open(organization, PURPOSE, Ids.next(), sealed));
    }

    @Test
    void refusesChangedAndCutBytes() {
        byte[] sealed = seal(vault, organization);
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertFails(vault.open(organization, PURPOSE, row, changed));
        }
        assertFails(vault.open(organization, PURPOSE, row, new byte[0]));
        assertFails(vault.open(organization, PURPOSE, row, new byte[28]));
    }

    @Test
    void refusesAWrappedKeyMovedToAnotherOrganization() {
        byte[] sealed = seal(vault, organization);
        OrganizationId thief = new OrganizationId(Ids.next());
        store.move(organization, thief);
        assertFails(vault.open(thief, PURPOSE, row, sealed));
    }

    @Test
    void endsWithOneKeyWhenManyUseItFirst() {
        Flux.range(0, 64)
                .flatMap(
                        i -> new Vault(master(1), List.of(), store)
                                .seal(organization, PURPOSE, row, SECRET)
                                .subscribeOn(Schedulers.parallel()),
                        64)
                .concatMap(result -> vault.open(organization, PURPOSE, row, result))
                .filter(clear -> Arrays.equals(clear, SECRET))
                .as(StepVerifier::create)
                .expectNextCount(64)
                .expectComplete()
                .verify(DEADLINE);
        assertThat(store.keys).hasSize(1);
    }

    @Test
    void opensWithAFormerMasterKeyAndSealsNewKeysWithTheCurrentOne() {
        byte[] sealed = seal(vault, organization);
        Vault rotated = new Vault(master(2), List.of(master(1)), store);
        assertOpens(rotated, sealed);
        OrganizationId later = new OrganizationId(Ids.next());
        assertThat(seal(rotated, later)).isNotEmpty();
        assertThat(store.key(later).masterKeyId())
                .isNotEqualTo(store.key(organization).masterKeyId());
        assertFails(new Vault(master(2), List.of(), store).open(organization, PURPOSE, row, sealed));
    }

    @Test
    void refusesMasterKeysOfAnotherLengthWithoutShowingThem() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MasterKey.ofBase64("c2hvcnQ="))
                .withMessageNotContaining("c2hvcnQ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MasterKey.ofBase64("not base64!"))
                .withMessageNotContaining("base64!");
    }

    private byte[] seal(Vault by, OrganizationId owner) {
        return Objects.requireNonNull(by.seal(owner, PURPOSE, row, SECRET).block(DEADLINE));
    }

    private void assertOpens(Vault by, byte[] sealed) {
        by.open(organization, PURPOSE, row, sealed)
                .as(StepVerifier::create)
                .assertNext(clear -> assertThat(clear).isEqualTo(SECRET))
                .expectComplete()
                .verify(DEADLINE);
    }

    private static void assertFails(Mono<byte[]> opening) {
        opening.as(StepVerifier::create).expectError(UnopenableException.class).verify(DEADLINE);
    }

    private static MasterKey master(int fill) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) fill);
        return MasterKey.ofBase64(Base64.getEncoder().encodeToString(bytes));
    }

    private static final class MapStore implements DataKeyStore {

        private final Map<OrganizationId, WrappedKey> keys = new ConcurrentHashMap<>();

        WrappedKey key(OrganizationId organization) {
            return Objects.requireNonNull(keys.get(organization));
        }

        void move(OrganizationId from, OrganizationId to) {
            keys.put(to, key(from));
        }

        @Override
        public Mono<Optional<WrappedKey>> find(OrganizationId organization) {
            return Mono.fromSupplier(() -> Optional.ofNullable(keys.get(organization)));
        }

        @Override
        public Mono<WrappedKey> createIfAbsent(OrganizationId organization, WrappedKey key) {
            return Mono.fromSupplier(() -> {
                WrappedKey before = keys.putIfAbsent(organization, key);
                return before == null ? key : before;
            });
        }
    }
}
