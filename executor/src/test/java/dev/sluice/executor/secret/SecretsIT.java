package dev.sluice.executor.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.shared.crypto.DataKeyStore;
import dev.sluice.shared.crypto.DataKeys;
import dev.sluice.shared.crypto.MasterKey;
import dev.sluice.shared.crypto.UnopenableException;
import dev.sluice.shared.crypto.Vault;
import dev.sluice.shared.crypto.WrappedKey;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.Postgres;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcPermissionDeniedException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** Secrets in the tables of executors: who gets at them, who does not, and what becomes of those that come at once. */
final class SecretsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static ExecutorDatabase database;
    private static Postgres postgres;
    private static TenantTransactions transactions;

    private final OrganizationId organization = new OrganizationId(UUID.randomUUID());
    private final OrganizationId other = new OrganizationId(UUID.randomUUID());
    private final AtomicLong nanos = new AtomicLong();
    private final Secrets secrets = on(vault(master(1)));

    @BeforeAll
    static void start() {
        database = new ExecutorDatabase();
        postgres = new Postgres(database.settings());
        // Pools are made here, where that may block.
        assertThat(postgres.pool(DatabaseRole.ENGINE)).isNotNull();
        transactions = new TenantTransactions(postgres.pool(DatabaseRole.API));
    }

    @AfterAll
    static void stop() {
        postgres.close();
        database.close();
    }

    @Test
    void opensThoseThatThereAreForTheirOwnOrganizationOnly() {
        put(secrets, "token", "\"s3cret\"");
        put(secrets, "client", "{\"id\":\"a\",\"scopes\":[1.50,null]}");

        assertThat(opened(secrets, organization, "token", "client", "none"))
                .isEqualTo("{client={\"id\":\"a\",\"scopes\":[1.50,null]}, token=\"s3cret\"}");
        assertThat(opened(secrets, organization, "token")).isEqualTo("{token=\"s3cret\"}");
        assertThat(opened(secrets, organization)).isEqualTo("{}");
        assertThat(opened(secrets, other, "token", "client")).isEqualTo("{}");
        assertThat(secrets.list(other, "", 10).collectList().block(PATIENCE)).isEmpty();
        secrets.find(other, "token").as(StepVerifier::create).verifyErrorSatisfies(SecretsIT::assertUnknown);
        secrets.delete(other, "token").as(StepVerifier::create).verifyErrorSatisfies(SecretsIT::assertUnknown);
        assertThat(opened(on(vault(master(1))), organization, "token")).isEqualTo("{token=\"s3cret\"}");
    }

    @Test
    void hasOneValueWhenManyAreSetAtOnce() {
        List<SecretStore.Stored> stored = Objects.requireNonNull(Flux.range(0, 24)
                .flatMap(
                        i -> (i % 2 == 0 ? secrets : on(vault(master(1))))
                                .put(organization, value("raced", Integer.toString(i)))
                                .subscribeOn(Schedulers.parallel()),
                        24)
                .collectList()
                .block(PATIENCE));

        assertThat(stored).hasSize(24).filteredOn(SecretStore.Stored::created).hasSize(1);
        assertThat(stored)
                .extracting(each -> each.secret().createdAt())
                .containsOnly(stored.getFirst().secret().createdAt());
        assertThat(rows("secret")).isEqualTo("1");
        assertThat(rows("data_key")).isEqualTo("1");
        int last = Integer.parseInt(
                opened(on(vault(master(1))), organization, "raced").replaceAll("\\D", ""));
        assertThat(last).isBetween(0, 23);
    }

    @Test
    void takesNoMoreThanAThousandWhoeverRaces() {
        database.sql("insert into workflow.secret (organization_id, name, id, sealed) select '" + organization
                + "', 'n' || n, gen_random_uuid(), '' from generate_series(1, " + (Secrets.MOST - 3) + ") n");
        List<String> outcomes = Objects.requireNonNull(Flux.range(0, 20)
                .flatMap(
                        i -> secrets.put(organization, value("late" + i, "1"))
                                .map(stored -> "stored")
                                .onErrorResume(
                                        SluiceException.class,
                                        error -> Mono.just(error.type().name()))
                                .subscribeOn(Schedulers.parallel()),
                        20)
                .collectList()
                .block(PATIENCE));

        assertThat(outcomes).filteredOn("stored"::equals).hasSize(3);
        assertThat(outcomes)
                .filteredOn(outcome -> !outcome.equals("stored"))
                .hasSize(17)
                .containsOnly(ProblemType.CONFLICT.name());
        assertThat(rows("secret")).isEqualTo("1000");
        assertThat(put(secrets, "n1", "2").created())
                .as("another value of one that there is")
                .isFalse();
        secrets.delete(organization, "n2").block(PATIENCE);
        assertThat(put(secrets, "room", "3").created()).isTrue();
        assertThat(put(on(vault(master(1))), "other", "4", other).created()).isTrue();
    }

    @Test
    void isInClearNowhereInTheDatabase() {
        put(secrets, "token", "\"s3cret-that-nobody-sees\"");

        String row = database.value("select string_agg(s::text || k::text, ' ') from workflow.secret s"
                + " join workflow.data_key k using (organization_id) where organization_id = '" + organization + "'");
        assertThat(row)
                .contains("token")
                .doesNotContain("s3cret-that")
                .doesNotContain(HexFormat.of().formatHex("s3cret-that".getBytes(UTF_8)));
    }

    @Test
    void isReadByNoLoginTogetherWithItsKey() {
        put(secrets, "token", "\"s3cret\"");

        assertThat(refused(DatabaseRole.API, "select sealed from workflow.secret"))
                .isTrue();
        assertThat(refused(DatabaseRole.API, "select * from workflow.secret")).isTrue();
        assertThat(refused(DatabaseRole.API, "update workflow.secret set name = 'x'"))
                .isTrue();
        assertThat(refused(DatabaseRole.API, "update workflow.data_key set wrapped = ''"))
                .isTrue();
        assertThat(refused(DatabaseRole.API, "delete from workflow.data_key")).isTrue();
        assertThat(refused(DatabaseRole.ENGINE, "select wrapped from workflow.data_key"))
                .isTrue();
        assertThat(refused(DatabaseRole.ENGINE, "update workflow.secret set sealed = ''"))
                .isTrue();
        assertThat(refused(DatabaseRole.ENGINE, "delete from workflow.secret")).isTrue();
        assertThat(refused(DatabaseRole.INGEST, "select name from workflow.secret"))
                .isTrue();
        assertThat(refused(DatabaseRole.ENGINE, "select sealed from workflow.secret"))
                .isFalse();
    }

    @Test
    void opensWhatAFormerMasterKeyWrapped() {
        put(secrets, "token", "\"s3cret\"");
        Secrets rotated = on(vault(master(2), master(1)));

        assertThat(opened(rotated, organization, "token")).isEqualTo("{token=\"s3cret\"}");
        put(rotated, "later", "\"one more\"");
        put(rotated, "token", "\"of another\"", other);
        assertThat(opened(secrets, organization, "later")).isEqualTo("{later=\"one more\"}");
        assertThat(database.value(
                        "select count(distinct master_key_id) from workflow.data_key where organization_id in ('"
                                + organization + "', '" + other + "')"))
                .isEqualTo("2");
        on(vault(master(2)))
                .open(organization, Set.of("token"))
                .as(StepVerifier::create)
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(UnopenableException.class)
                        .hasMessageNotContaining("s3cret"));
    }

    @Test
    void doesNotOpenInAnotherRow() {
        put(secrets, "token", "\"s3cret\"");
        put(secrets, "own", "1", other);
        database.sql("insert into workflow.secret (organization_id, name, id, sealed) select '" + other
                + "', 'stolen', id, sealed from workflow.secret where organization_id = '" + organization + "'");
        database.sql("insert into workflow.secret (organization_id, name, id, sealed) select organization_id, 'moved',"
                + " gen_random_uuid(), sealed from workflow.secret where organization_id = '" + organization + "'");

        secrets.open(other, Set.of("stolen")).as(StepVerifier::create).verifyError(UnopenableException.class);
        secrets.open(organization, Set.of("moved")).as(StepVerifier::create).verifyError(UnopenableException.class);
        assertThat(opened(secrets, other, "own")).isEqualTo("{own=1}");
    }

    /** Another executor is not told. */
    @Test
    void isRememberedForASecondAndNoLonger() {
        Secrets elsewhere = on(vault(master(1)));
        put(secrets, "token", "1");
        assertThat(opened(secrets, organization, "token", "new")).isEqualTo("{token=1}");
        put(elsewhere, "token", "2");
        put(elsewhere, "new", "3");

        nanos.addAndGet(Duration.ofMillis(999).toNanos());
        assertThat(opened(secrets, organization, "token", "new")).isEqualTo("{token=1}");
        nanos.addAndGet(Duration.ofMillis(1).toNanos());
        assertThat(opened(secrets, organization, "token", "new")).isEqualTo("{new=3, token=2}");

        elsewhere.delete(organization, "token").block(PATIENCE);
        assertThat(opened(secrets, organization, "token")).isEqualTo("{token=2}");
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(opened(secrets, organization, "token")).isEqualTo("{}");
    }

    @Test
    void holdsAtOnceWhereItWasChanged() {
        assertThat(opened(secrets, organization, "token")).isEqualTo("{}");
        put(secrets, "token", "1");
        assertThat(opened(secrets, organization, "token")).isEqualTo("{token=1}");
        put(secrets, "token", "2");
        assertThat(opened(secrets, organization, "token")).isEqualTo("{token=2}");
        secrets.delete(organization, "token").block(PATIENCE);
        assertThat(opened(secrets, organization, "token")).isEqualTo("{}");
    }

    /** Who was just reading gets the former value, and nobody after them. */
    @Test
    void holdsAtOnceAlsoWhileTheFormerIsBeingRead() throws Exception {
        put(secrets, "token", "1");
        CountDownLatch reading = new CountDownLatch(1);
        Sinks.Empty<Void> goOn = Sinks.empty();
        AtomicBoolean first = new AtomicBoolean(true);
        Mono<Void> held = Mono.defer(() -> {
            reading.countDown();
            return goOn.asMono();
        });
        Secrets slow = on(new Vault(master(1), List.of(), finding(() -> first.getAndSet(false) ? held : Mono.empty())));
        CompletableFuture<@Nullable Map<String, JsonNode>> before =
                slow.open(organization, Set.of("token")).toFuture();
        assertThat(reading.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

        put(slow, "token", "2");
        assertThat(opened(slow, organization, "token")).isEqualTo("{token=2}");
        goOn.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        assertThat(before.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).hasToString("{token=1}");
        assertThat(opened(slow, organization, "token")).isEqualTo("{token=2}");
    }

    @Test
    void isReadAgainAfterAFailureAndAfterWhoAskedFirstLeft() {
        put(secrets, "token", "1");
        AtomicBoolean away = new AtomicBoolean(true);
        SluiceException failure = SluiceException.unavailable("away", Duration.ofSeconds(1), null);
        Secrets unlucky =
                on(new Vault(master(1), List.of(), finding(() -> away.get() ? Mono.error(failure) : Mono.empty())));
        unlucky.open(organization, Set.of("token")).as(StepVerifier::create).verifyError(SluiceException.class);
        away.set(false);
        StepVerifier.create(unlucky.open(organization, Set.of("token")), 0)
                .thenCancel()
                .verify(PATIENCE);

        assertThat(opened(unlucky, organization, "token")).isEqualTo("{token=1}");
    }

    /** One that looks for keys after something else. */
    private static DataKeyStore finding(Supplier<Mono<Void>> before) {
        DataKeys keys = new DataKeys(transactions, "workflow");
        return new DataKeyStore() {
            @Override
            public Mono<Optional<WrappedKey>> find(OrganizationId which) {
                return Mono.defer(before).then(keys.find(which));
            }

            @Override
            public Mono<WrappedKey> createIfAbsent(OrganizationId which, WrappedKey key) {
                return keys.createIfAbsent(which, key);
            }
        };
    }

    private Secrets on(Vault vault) {
        return new Secrets(transactions, postgres.pool(DatabaseRole.ENGINE), vault, nanos::get);
    }

    private static Vault vault(MasterKey current, MasterKey... former) {
        return new Vault(current, List.of(former), new DataKeys(transactions, "workflow"));
    }

    private static MasterKey master(int fill) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) fill);
        return MasterKey.ofBase64(Base64.getEncoder().encodeToString(bytes));
    }

    private static NewValue value(String name, String json) {
        return new NewValue(name, json.getBytes(UTF_8));
    }

    @CanIgnoreReturnValue
    private SecretStore.Stored put(Secrets by, String name, String json) {
        return put(by, name, json, organization);
    }

    @CanIgnoreReturnValue
    private static SecretStore.Stored put(Secrets by, String name, String json, OrganizationId whose) {
        return Objects.requireNonNull(by.put(whose, value(name, json)).block(PATIENCE));
    }

    /** In the order of names. */
    private static String opened(Secrets by, OrganizationId whose, String... names) {
        Map<String, String> texts = new TreeMap<>();
        Objects.requireNonNull(by.open(whose, Set.of(names)).block(PATIENCE))
                .forEach((name, value) -> texts.put(name, Json.text(value)));
        return texts.toString();
    }

    private String rows(String table) {
        return database.value(
                "select count(*) from workflow." + table + " where organization_id = '" + organization + "'");
    }

    private static boolean refused(DatabaseRole role, String sql) {
        return Boolean.TRUE.equals(Mono.usingWhen(
                        postgres.pool(role).create(),
                        connection -> ExecutorDatabase.execute(connection, sql)
                                .thenReturn(false)
                                .onErrorResume(error -> Mono.just(error instanceof R2dbcPermissionDeniedException)),
                        Connection::close)
                .block(PATIENCE));
    }

    private static void assertUnknown(Throwable error) {
        assertThat(error)
                .isInstanceOfSatisfying(
                        SluiceException.class,
                        problem -> assertThat(problem.type()).isEqualTo(ProblemType.NOT_FOUND));
    }
}
