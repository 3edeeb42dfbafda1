package dev.sluice.gateway.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.change.Change;
import dev.sluice.gateway.change.ChangeType;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Quotas on four gateways with one PostgreSQL. */
@Timeout(120)
final class SharedQuotaIT {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final int GATEWAYS = 4;

    private static QuotaDatabase database;

    private final SettableClock clock = new SettableClock("2031-05-31T12:00:00Z");
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private List<Quotas> gateways = start(GATEWAYS);

    @BeforeAll
    static void migrate() {
        database = new QuotaDatabase();
    }

    @AfterAll
    static void end() {
        database.close();
    }

    @AfterEach
    void stop() {
        gateways.forEach(Quotas::close);
        database.run("update identity.quota set plan = null; delete from identity.plan");
    }

    private List<Quotas> start(int count) {
        return Stream.generate(() -> new Quotas(database.api(), new QuotaSettings(1000), meters, clock))
                .limit(count)
                .toList();
    }

    /** What a test wants of one gateway, at once. */
    private static Flux<Boolean> admitted(Quotas gateway, OrganizationId organization, int times, Random chance) {
        return Flux.range(0, times)
                .flatMap(i -> take(gateway, organization, Metered.EVENTS, chance.nextInt(10) == 0), 64);
    }

    /** Whether it was admitted and used; one that is given back is neither. */
    private static Mono<Boolean> take(Quotas gateway, OrganizationId organization, Metered kind, boolean givesBack) {
        return gateway.spend(organization, kind, new HttpHeaders(), permit -> {
                    if (givesBack) {
                        permit.giveBack();
                        permit.giveBack();
                    }
                    return Mono.just(!givesBack);
                })
                .onErrorResume(SharedQuotaIT::isExceeded, error -> Mono.just(false));
    }

    private static boolean isExceeded(Throwable error) {
        return error instanceof SluiceException problem && problem.type() == ProblemType.QUOTA_EXCEEDED;
    }

    private static boolean take(Quotas gateway, OrganizationId organization, Metered kind) {
        return Boolean.TRUE.equals(take(gateway, organization, kind, false).block(DEADLINE));
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    /** As long as somebody is admitted, so that what was taken ahead and given back comes to somebody. */
    private long demand(OrganizationId organization, Random chance, int most) {
        long admitted = 0;
        long last = System.nanoTime();
        // Two walks give back what an idle gateway has taken ahead.
        while (System.nanoTime() - last < Duration.ofSeconds(5).toNanos() && admitted <= most) {
            List<Flux<Boolean>> demands = new ArrayList<>();
            for (Quotas gateway : gateways) {
                demands.add(admitted(gateway, organization, chance.nextInt(120), new Random(chance.nextLong())));
            }
            Long found = Flux.merge(demands).filter(yes -> yes).count().block(DEADLINE);
            long more = found == null ? 0 : found;
            admitted += more;
            last = more > 0 ? System.nanoTime() : last;
        }
        return admitted;
    }

    @Test
    void admitTheAllowanceTogetherWhateverComesWhere() {
        long seed = System.nanoTime();
        Random chance = new Random(seed);
        int allowance = 2000 + chance.nextInt(3000);
        OrganizationId organization = database.organization("{\"events\":{\"day\":" + allowance + "}}", "{}");

        long admitted = demand(organization, chance, allowance);

        assertThat(admitted).as("seed %d, allowance %d", seed, allowance).isBetween(allowance * 95L / 100, (long)
                allowance);
        gateways.forEach(Quotas::close);
        assertThat(database.used(organization, Metered.EVENTS))
                .as("seed %d", seed)
                .isEqualTo(admitted);
    }

    @Test
    void admitExactlyWhatIsSmallAlsoAtOnce() {
        long seed = System.nanoTime();
        OrganizationId organization = database.organization("{\"events\":{\"day\":10}}", "{}");

        Long admitted = Flux.fromIterable(gateways)
                .flatMap(
                        gateway ->
                                Flux.range(0, 50).flatMap(i -> take(gateway, organization, Metered.EVENTS, false), 50),
                        4)
                .filter(yes -> yes)
                .count()
                .block(DEADLINE);

        assertThat(admitted).as("seed %d", seed).isEqualTo(10);
        assertThat(database.used(organization, Metered.EVENTS)).isEqualTo(10);
    }

    @Test
    void giveWhatWasGivenBackToOthers() {
        OrganizationId organization = database.organization("{\"events\":{\"day\":1}}", "{}");
        assertThat(take(gateways.get(0), organization, Metered.EVENTS, true).block(DEADLINE))
                .isFalse();

        await(() -> take(gateways.get(1), organization, Metered.EVENTS));

        await(() -> !take(gateways.get(0), organization, Metered.EVENTS));
        assertThat(take(gateways.get(2), organization, Metered.EVENTS)).isFalse();
    }

    @Test
    void beginAnewWithTheDayButNotBeforeTheMonth() {
        OrganizationId organization =
                database.organization("{\"events\":{\"day\":2,\"month\":3}, \"runs\":{\"day\":1}}", "{}");
        clock.set("2031-05-30T23:59:59.999Z");
        assertThat(take(gateways.get(0), organization, Metered.EVENTS)).isTrue();
        assertThat(take(gateways.get(1), organization, Metered.EVENTS)).isTrue();
        assertThat(take(gateways.get(2), organization, Metered.EVENTS)).isFalse();
        assertThat(take(gateways.get(2), organization, Metered.RUNS)).isTrue();

        clock.set("2031-05-31T00:00:00Z");
        assertThat(take(gateways.get(2), organization, Metered.EVENTS)).isTrue();
        assertThat(take(gateways.get(0), organization, Metered.EVENTS))
                .as("three in the month")
                .isFalse();
        assertThat(take(gateways.get(2), organization, Metered.RUNS)).isTrue();

        clock.set("2031-06-01T00:00:00Z");
        assertThat(take(gateways.get(0), organization, Metered.EVENTS)).isTrue();
        assertThat(take(gateways.get(1), organization, Metered.EVENTS)).isTrue();
        assertThat(take(gateways.get(1), organization, Metered.EVENTS)).isFalse();
    }

    @Test
    void sayWhichAllowanceIsUsedUpAndUntilWhen() {
        OrganizationId organization = database.organization("{\"events\":{\"day\":1,\"month\":1}}", "{}");
        HttpHeaders answer = new HttpHeaders();
        Boolean first = gateways.get(0)
                .spend(organization, Metered.EVENTS, answer, permit -> Mono.just(true))
                .block(DEADLINE);
        assertThat(first).isTrue();
        assertThat(answer.get("RateLimit-Policy"))
                .containsExactlyInAnyOrder("\"events-day\";q=1;w=86400", "\"events-month\";q=1;w=2678400");
        assertThat(answer.get("RateLimit"))
                .containsExactlyInAnyOrder("\"events-day\";r=0;t=43200", "\"events-month\";r=0;t=43200");

        clock.set("2031-05-31T18:00:00Z");
        HttpHeaders refusal = new HttpHeaders();
        assertThatThrownBy(() -> gateways.get(1)
                        .spend(organization, Metered.EVENTS, refusal, permit -> Mono.just(true))
                        .block(DEADLINE))
                .isInstanceOfSatisfying(SluiceException.class, problem -> {
                    assertThat(problem.type()).isEqualTo(ProblemType.QUOTA_EXCEEDED);
                    assertThat(problem.retryAfter()).isEqualTo(Duration.ofHours(6));
                    assertThat(problem.extensions().get("quota"))
                            .hasToString("{\"of\":\"events\",\"period\":\"month\",\"allowance\":1,"
                                    + "\"resetsAt\":\"2031-06-01T00:00:00Z\"}");
                });
        assertThat(refusal.get("RateLimit")).hasSize(2);
        assertThatThrownBy(() -> gateways.get(1).requireLeft(organization, Metered.EVENTS, new HttpHeaders()))
                .isInstanceOf(SluiceException.class);
    }

    @Test
    void spendCreditsOnWhateverCostsThem() {
        OrganizationId organization =
                database.organization("{\"credits\":{\"month\":3}}", "{\"runs\":1,\"events\":0.5}");
        assertThat(take(gateways.get(0), organization, Metered.RUNS)).isTrue();
        assertThat(take(gateways.get(1), organization, Metered.EVENTS)).isTrue();
        assertThat(take(gateways.get(2), organization, Metered.RUNS)).isTrue();
        assertThat(take(gateways.get(3), organization, Metered.RUNS))
                .as("half a credit is left")
                .isFalse();
        assertThat(take(gateways.get(3), organization, Metered.EVENTS)).isTrue();
        assertThat(take(gateways.get(0), organization, Metered.EVENTS)).isFalse();
    }

    @Test
    void countWhatNothingBoundsAndWhatExecutorsStart() {
        OrganizationId free = database.organization();
        for (int i = 0; i < 30; i++) {
            assertThat(take(gateways.get(i % GATEWAYS), free, Metered.RUNS)).isTrue();
        }
        await(() -> database.used(free, Metered.RUNS) == 30);

        OrganizationId organization = database.organization("{\"runs\":{\"month\":5}}", "{}");
        database.run("create schema if not exists workflow; create or replace function"
                + " workflow.runs_started(which uuid, first date, last date) returns bigint language sql as"
                + " $$ select case when which = '%s' and first = '2031-05-01' then 3 else 0 end::bigint $$"
                        .formatted(organization));
        try {
            assertThat(take(gateways.get(0), organization, Metered.RUNS)).isTrue();
            assertThat(take(gateways.get(1), organization, Metered.RUNS)).isTrue();
            assertThat(take(gateways.get(2), organization, Metered.RUNS)).isFalse();
        } finally {
            database.run("drop function workflow.runs_started(uuid, date, date)");
        }
    }

    @Test
    void obeyAnotherPlanAtOnceWhenTheyAreTold() {
        OrganizationId organization = database.organization();
        assertThat(take(gateways.get(0), organization, Metered.EVENTS)).isTrue();
        assertThat(take(gateways.get(0), organization, Metered.EVENTS)).isTrue();
        await(() -> database.used(organization, Metered.EVENTS) == 2);

        database.plan("default", "{\"events\":{\"day\":3}}", "{}");
        long since = database.micros();
        gateways.forEach(
                gateway -> gateway.changed(new Change(organization, ChangeType.PLAN_CHANGED, organization.value())));
        // A plan may be for many: each goes on as before until it is its turn, in which it tells again.
        await(() -> database.toldSince(organization, since));
        assertThat(take(gateways.get(1), organization, Metered.EVENTS)).isTrue();
        assertThat(take(gateways.get(0), organization, Metered.EVENTS)).isFalse();

        database.run("update identity.quota set allowances = '{\"events\":{\"day\":4}}' where organization_id = '%s'"
                .formatted(organization));
        gateways.forEach(
                gateway -> gateway.changed(new Change(organization, ChangeType.QUOTA_CHANGED, organization.value())));
        assertThat(take(gateways.get(0), organization, Metered.EVENTS)).isTrue();
        assertThat(take(gateways.get(2), organization, Metered.EVENTS)).isFalse();
    }

    @Test
    void giveBackWhatTheyTookAheadWhenTheyStopAndNeverGoBeyondWhenTheyDoNot() {
        OrganizationId organization = database.organization("{\"events\":{\"day\":640}}", "{}");
        assertThat(take(gateways.get(0), organization, Metered.EVENTS)).isTrue();
        assertThat(take(gateways.get(1), organization, Metered.EVENTS)).isTrue();
        assertThat(database.used(organization, Metered.EVENTS))
                .as("taken ahead")
                .isGreaterThan(2);
        gateways.get(0).close();
        gateways.get(1).close();
        assertThat(database.used(organization, Metered.EVENTS)).isEqualTo(2);

        // One that is killed: what it had taken ahead is gone for the day.
        assertThat(take(gateways.get(2), organization, Metered.EVENTS)).isTrue();
        long held = database.used(organization, Metered.EVENTS) - 3;
        assertThat(held).isBetween(1L, 640L / 64);
        List<Quotas> killed = gateways;
        gateways = start(GATEWAYS);
        long admitted = demand(organization, new Random(7), 640);
        assertThat(admitted).isBetween(637 - held - 1, 637L);
        killed.forEach(Quotas::close);
    }
}
