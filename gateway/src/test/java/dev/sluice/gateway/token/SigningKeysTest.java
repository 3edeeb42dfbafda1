package dev.sluice.gateway.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

final class SigningKeysTest {

    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger fetches = new AtomicInteger();
    private Mono<JWKSet> answer = Mono.just(set("a"));
    private final SigningKeys keys = new SigningKeys(
            Mono.defer(() -> {
                fetches.incrementAndGet();
                return answer;
            }),
            nanos::get);

    @Test
    void fetchesOnceForAll() {
        Sinks.One<JWKSet> pending = Sinks.one();
        answer = pending.asMono();
        StepVerifier first = expectKnown("a").verifyLater();
        StepVerifier second = expectKnown("a").verifyLater();
        pending.tryEmitValue(set("a")).orThrow();
        first.verify(DEADLINE);
        second.verify(DEADLINE);
        expectKnown("a").verify(DEADLINE);
        assertThat(fetches).hasValue(1);
    }

    @Test
    void fetchesAgainForAKeyThatIsNew() {
        expectKnown("a").verify(DEADLINE);
        answer = Mono.just(set("a", "b"));
        expectKnown("b").verify(DEADLINE);
        assertThat(fetches).hasValue(2);
    }

    @Test
    void fetchesOnceInAWhileHoweverManyUnknownKeysCome() {
        expectKnown("a").verify(DEADLINE);
        for (int i = 0; i < 1_000; i++) {
            expectUnknown("x" + i);
        }
        assertThat(fetches).hasValue(2);
        expectKnown("a").verify(DEADLINE);
        nanos.addAndGet(SigningKeys.INTERVAL.toNanos());
        expectUnknown("y");
        assertThat(fetches).hasValue(3);
    }

    @Test
    void doesNotHoldUpKnownKeysWhileOneThatIsUnknownIsLookedFor() {
        expectKnown("a").verify(DEADLINE);
        Sinks.One<JWKSet> pending = Sinks.one();
        answer = pending.asMono();
        StepVerifier unknown = expectKnown("b").verifyLater();
        expectKnown("a").verify(DEADLINE);
        pending.tryEmitValue(set("a", "b")).orThrow();
        unknown.verify(DEADLINE);
    }

    @Test
    void keepsKeysWhileTheProviderIsAway() {
        expectKnown("a").verify(DEADLINE);
        answer = Mono.error(new IllegalStateException("away"));
        nanos.addAndGet(SigningKeys.REFRESH_AFTER.multipliedBy(3).toNanos());
        expectKnown("a").verify(DEADLINE);
        expectKnown("a").verify(DEADLINE);
        expectUnknown("x");
    }

    @Test
    void leavesAProviderAloneThatHasJustFailed() {
        expectKnown("a").verify(DEADLINE);
        answer = Mono.error(new IllegalStateException("away"));
        nanos.addAndGet(SigningKeys.REFRESH_AFTER.multipliedBy(2).toNanos());
        for (int i = 0; i < 100; i++) {
            expectKnown("a").verify(DEADLINE);
        }
        assertThat(fetches).hasValue(2);
    }

    @Test
    void keepsKeysForADayWhileTheProviderIsAwayAndNoLonger() {
        expectKnown("a").verify(DEADLINE);
        answer = Mono.error(new IllegalStateException("away"));
        long end = nanos.get() + SigningKeys.KEEP_FOR.toNanos();
        while (nanos.addAndGet(SigningKeys.REFRESH_AFTER.dividedBy(2).toNanos()) < end) {
            expectKnown("a").verify(DEADLINE);
            expectKnown("a").verify(DEADLINE);
        }
        keys.find("a").as(StepVerifier::create).expectError().verify(DEADLINE);
    }

    @Test
    void refreshesAheadSoThatARemovedKeyGoes() {
        expectKnown("a").verify(DEADLINE);
        answer = Mono.just(set("b"));
        nanos.addAndGet(SigningKeys.REFRESH_AFTER.plusSeconds(1).toNanos());
        keys.find("a").as(StepVerifier::create).expectNextCount(1).verifyComplete();
        expectKnown("b").verify(DEADLINE);
        expectUnknown("a");
    }

    @Test
    void doesNotAskAProviderThatIsAwayForEachToken() {
        answer = Mono.error(new IllegalStateException("away"));
        for (int i = 0; i < 100; i++) {
            keys.find("a").as(StepVerifier::create).expectError().verify(DEADLINE);
        }
        assertThat(fetches).hasValue(1);
        answer = Mono.just(set("a"));
        nanos.addAndGet(SigningKeys.INTERVAL.toNanos());
        expectKnown("a").verify(DEADLINE);
    }

    @Test
    void goesOnFetchingWhenTheFirstWhoAskedHasGone() {
        Sinks.One<JWKSet> pending = Sinks.one();
        answer = pending.asMono();
        keys.find("a").subscribe().dispose();
        StepVerifier second = expectKnown("a").verifyLater();
        pending.tryEmitValue(set("a")).orThrow();
        second.verify(DEADLINE);
        assertThat(fetches).hasValue(1);
    }

    private StepVerifier expectKnown(String id) {
        return keys.find(id)
                .as(StepVerifier::create)
                .expectNextMatches(
                        found -> found.map(JWK::getKeyID).filter(id::equals).isPresent())
                .expectComplete();
    }

    private void expectUnknown(String id) {
        keys.find(id)
                .as(StepVerifier::create)
                .expectNextMatches(found -> found.isEmpty())
                .expectComplete()
                .verify(DEADLINE);
    }

    private static JWKSet set(String... ids) {
        return new JWKSet(List.of(ids).stream().map(SigningKeysTest::key).toList());
    }

    private static JWK key(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
