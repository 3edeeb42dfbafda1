package dev.sluice.shared.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.outbound.OutboundException.Kind;
import dev.sluice.shared.testing.TestTls;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

@Timeout(60)
final class CertifiedClientsTest {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @TempDir
    private static Path folder;

    private static TestTls tls;

    private final CheckedResolverGroup resolvers = new CheckedResolverGroup(
            DefaultAddressResolverGroup.INSTANCE, OutboundAccess.by(AddressPolicy.of(List.of("127.0.0.1"))));
    private final ConcurrentHashMap<ClientCertificate, AtomicInteger> made = new ConcurrentHashMap<>();
    private final AtomicBoolean failing = new AtomicBoolean();
    private final CertifiedClients clients = new CertifiedClients(2, this::make);

    @BeforeAll
    static void key() {
        tls = TestTls.in(folder, "client");
    }

    @AfterEach
    void close() {
        clients.close();
        resolvers.close();
    }

    private HttpClients make(ClientCertificate certificate) {
        if (failing.get()) {
            throw new IllegalStateException("not today");
        }
        made.computeIfAbsent(certificate, one -> new AtomicInteger()).incrementAndGet();
        return new HttpClients(OutboundSettings.DEFAULT, DEADLINE, resolvers, certificate::addTo);
    }

    @RepeatedTest(5)
    void areMadeOnceForAllWhoComeAtOnce() {
        StepVerifier.create(Flux.range(0, 50).flatMap(number -> used("a").subscribeOn(Schedulers.parallel()), 50))
                .expectNextCount(50)
                .expectComplete()
                .verify(DEADLINE);

        assertThat(made.get(certificate("a"))).hasValue(1);
    }

    @Test
    void giveWayToOthersWhenNobodyUsesThem() {
        for (String id : List.of("a", "b", "a", "c", "a", "b")) {
            StepVerifier.create(used(id)).expectNextCount(1).expectComplete().verify(DEADLINE);
        }
        assertThat(made.get(certificate("a"))).as("used latest each time").hasValue(1);
        assertThat(made.get(certificate("b"))).hasValue(2);
        assertThat(made.get(certificate("c"))).hasValue(1);
    }

    @Test
    void areRefusedWhenAllAreInUse() throws Exception {
        Disposable first = held("a");
        Disposable second = held("b");
        StepVerifier.create(used("c"))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(OutboundException.class, full -> {
                            assertThat(full.kind()).isEqualTo(Kind.CAPACITY);
                            assertThat(full.sent()).isFalse();
                        }))
                .verify(DEADLINE);
        StepVerifier.create(used("a")).expectNextCount(1).expectComplete().verify(DEADLINE);
        first.dispose();
        StepVerifier.create(used("c")).expectNextCount(1).expectComplete().verify(DEADLINE);
        second.dispose();
    }

    @Test
    void areMadeAnewAfterAFailure() {
        failing.set(true);
        StepVerifier.create(used("a")).expectErrorMessage("not today").verify(DEADLINE);
        failing.set(false);
        StepVerifier.create(used("a")).expectNextCount(1).expectComplete().verify(DEADLINE);
    }

    /** Whoever leaves while they are made, fails, or is done, holds none of them any longer. */
    @Test
    void areLetGoWhateverBecomesOfTheirUsers() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            String id = Character.toString('a' + random.nextInt(2));
            Flux<Integer> use = switch (random.nextInt(4)) {
                case 0 -> clients.using(certificate(id), all -> Flux.error(new IllegalStateException("mine")));
                case 1 ->
                    clients.<Integer>using(certificate(id), all -> Flux.never())
                            .take(Duration.ofNanos(random.nextInt(300_000)));
                case 2 -> used(id).take(0);
                default -> used(id);
            };
            var _ = use.onErrorComplete().blockLast(DEADLINE);
        }
        for (String id : List.of("c", "d", "e")) {
            StepVerifier.create(used(id))
                    .as("seed " + seed)
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(DEADLINE);
        }
    }

    private Flux<Integer> used(String id) {
        return clients.using(certificate(id), all -> Mono.just(1));
    }

    private Disposable held(String id) throws InterruptedException {
        CountDownLatch there = new CountDownLatch(1);
        Disposable held = clients.using(certificate(id), all -> Mono.never().doOnSubscribe(asked -> there.countDown()))
                .subscribe();
        there.await();
        return held;
    }

    private static ClientCertificate certificate(String id) {
        return new ClientCertificate(id, tls.key(), List.of(tls.certificate()));
    }
}
