package dev.sluice.shared.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.outbound.OutboundException.Kind;
import dev.sluice.shared.testing.TestTls;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

@Timeout(60)
final class CertifiedClientsTest {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(100);

    @TempDir
    private static Path folder;

    private static TestTls tls;

    private final CheckedResolverGroup resolvers = new CheckedResolverGroup(
            DefaultAddressResolverGroup.INSTANCE, OutboundAccess.by(AddressPolicy.of(List.of("127.0.0.1"))));
    private final ConcurrentHashMap<ClientCertificate, List<HttpClients>> made = new ConcurrentHashMap<>();
    private final AtomicBoolean failing = new AtomicBoolean();
    private CertifiedClients clients = clients(LONG, LONG);

    @BeforeAll
    static void key() {
        tls = TestTls.in(folder, "client");
    }

    @AfterEach
    void close() {
        clients.close();
        resolvers.close();
    }

    private CertifiedClients clients(Duration idle, Duration life) {
        return new CertifiedClients(4, idle, life, this::make);
    }

    private HttpClients make(ClientCertificate certificate) {
        if (failing.get()) {
            throw new IllegalStateException("not today");
        }
        HttpClients one = HttpClients.passing(OutboundSettings.DEFAULT, DEADLINE, resolvers, certificate::addTo);
        made.computeIfAbsent(certificate, first -> new CopyOnWriteArrayList<>()).add(one);
        return one;
    }

    @RepeatedTest(5)
    void areMadeOnceForAllWhoComeAtOnce() {
        StepVerifier.create(Flux.range(0, 50).flatMap(number -> used("a").subscribeOn(Schedulers.parallel()), 50))
                .expectNextCount(50)
                .expectComplete()
                .verify(DEADLINE);

        assertThat(made("a")).hasSize(1);
    }

    @Test
    void giveWayToOthersWhenNobodyUsesThem() {
        for (String id : List.of("a", "b", "a", "c", "a", "b")) {
            StepVerifier.create(used(id)).expectNextCount(1).expectComplete().verify(DEADLINE);
        }
        assertThat(made("a")).as("used latest each time").hasSize(1);
        assertThat(made("b")).hasSize(2);
        assertThat(made("c")).hasSize(1);
        assertThat(made("b").getFirst().isClosed()).isTrue();
        assertThat(made("b").getLast().isClosed()).isFalse();
    }

    /** Half of them are one owner's at most, so that nobody is shut out by another. */
    @Test
    void areRefusedWhenAllAreInUse() throws Exception {
        Disposable first = held("a");
        Disposable second = held("b");
        full("c");
        StepVerifier.create(used("a")).expectNextCount(1).expectComplete().verify(DEADLINE);
        Disposable third = held("other:a");
        Disposable fourth = held("other:b");
        full("another:a");
        first.dispose();
        StepVerifier.create(used("c")).expectNextCount(1).expectComplete().verify(DEADLINE);
        StepVerifier.create(used("another:a"))
                .expectNextCount(1)
                .expectComplete()
                .verify(DEADLINE);
        Disposables.composite(second, third, fourth).dispose();
    }

    @Test
    void areClosedWhenNobodyHasUsedThemForAWhileAndLetGo() throws Exception {
        clients = clients(SHORT, LONG);
        Disposable held = held("a");
        StepVerifier.create(used("b")).expectNextCount(1).expectComplete().verify(DEADLINE);
        List<WeakReference<HttpClients>> gone =
                made("b").stream().map(one -> new WeakReference<>(one)).toList();
        until(() -> made("b").getFirst().isClosed());
        assertThat(made("a").getFirst().isClosed()).isFalse();
        made.remove(certificate("b"));
        until(() -> {
            System.gc();
            return gone.getFirst().refersTo(null);
        });
        held.dispose();
        until(() -> made("a").getFirst().isClosed());
    }

    @Test
    void areReplacedByNewOnesWhenTheyAreOld() throws Exception {
        clients = clients(LONG, SHORT);
        Disposable held = held("a");
        until(() -> {
            var _ = used("a").blockLast(DEADLINE);
            return made("a").size() > 1;
        });
        assertThat(made("a").getFirst().isClosed()).isFalse();
        held.dispose();
        assertThat(made("a").getFirst().isClosed()).isTrue();
    }

    @Test
    void areNotMadeAfterTheEnd() throws Exception {
        Disposable held = held("a");
        clients.close();
        assertThat(made("a").getFirst().isClosed()).isTrue();
        StepVerifier.create(used("a"))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(
                                OutboundException.class,
                                late -> assertThat(late.sent()).isFalse()))
                .verify(DEADLINE);
        held.dispose();
    }

    /** All that were made for a certificate, in order. */
    private List<HttpClients> made(String id) {
        return made.getOrDefault(certificate(id), List.of());
    }

    private void full(String id) {
        StepVerifier.create(used(id))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(OutboundException.class, full -> {
                            assertThat(full.kind()).isEqualTo(Kind.CAPACITY);
                            assertThat(full.sent()).isFalse();
                        }))
                .verify(DEADLINE);
    }

    private static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
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
        int colon = id.indexOf(':');
        String owner = colon < 0 ? "one" : id.substring(0, colon);
        return new ClientCertificate(owner, id, tls.key(), List.of(tls.certificate()));
    }
}
