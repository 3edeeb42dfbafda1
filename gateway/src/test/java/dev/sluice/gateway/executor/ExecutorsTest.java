package dev.sluice.gateway.executor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

final class ExecutorsTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private volatile List<InetSocketAddress> addresses = List.of(address(1), address(2), address(3));
    private volatile boolean away;
    private final AtomicInteger lookUps = new AtomicInteger();

    private final ExecutorSettings settings = new ExecutorSettings(
            List.of(URI.create("http://executors.invalid:8081")),
            Duration.ofMillis(20),
            Duration.ofSeconds(2),
            Duration.ofSeconds(75),
            0,
            1,
            10,
            10,
            Duration.ofSeconds(2),
            Duration.ofSeconds(30),
            Duration.ofMinutes(5));
    private final ExecutorHttp http = new ExecutorHttp(settings);
    private final Executors executors = new Executors(http, settings, this::lookUp, () -> {});

    @AfterEach
    void stop() {
        executors.dispose();
        http.close();
    }

    @Test
    void areAllThatTheirNameStandsFor() {
        await(() -> executors.count() == 3);
        assertThat(chosen()).hasSize(3);
    }

    @Test
    void comeAndGoAndStayWhatTheyAre() {
        await(() -> executors.count() == 3);
        Set<Executor> before = chosen();
        addresses = List.of(address(1), address(2), address(3), address(4));
        await(() -> executors.count() == 4);
        assertThat(chosen()).hasSize(4).containsAll(before);
        addresses = List.of(address(4));
        await(() -> executors.count() == 1);
        assertThat(before).doesNotContainAnyElementsOf(chosen());
    }

    @Test
    void areKeptWhileTheirNameCannotBeLookedUp() {
        await(() -> executors.count() == 3);
        Set<Executor> before = chosen();
        away = true;
        awaitLookUps();
        assertThat(chosen()).isEqualTo(before);
        addresses = List.of();
        away = false;
        awaitLookUps();
        assertThat(executors.count()).isEqualTo(3);
        assertThat(chosen()).isEqualTo(before);
    }

    @Test
    void oneThatFailsIsChosenNoMore() {
        await(() -> executors.count() == 3);
        Executor ill = executors.choose();
        fail(ill);
        assertThat(Stream.generate(executors::choose)
                        .limit(2000)
                        .filter(ill::equals)
                        .count())
                .as("all three draws have to be of it")
                .isLessThan(200);
    }

    @Test
    void whereAllFailAnyIsTried() {
        await(() -> executors.count() == 3);
        chosen().forEach(ExecutorsTest::fail);
        assertThat(chosen()).hasSize(3);
    }

    @Test
    void oneThatHasMuchToDoGetsLess() {
        await(() -> executors.count() == 3);
        Executor busy = executors.choose();
        IntStream.range(0, 50).forEach(i -> busy.begin());
        long more = Stream.generate(executors::choose)
                .limit(2000)
                .filter(busy::equals)
                .count();
        assertThat(more).isLessThan(200);
        IntStream.range(0, 50).forEach(i -> busy.answered(200));
        assertThat(Stream.generate(executors::choose)
                        .limit(2000)
                        .filter(busy::equals)
                        .count())
                .isGreaterThan(300);
    }

    /** By the machine's own hosts file. */
    @Test
    void looksNamesUp() {
        ExecutorSettings local = new ExecutorSettings(
                List.of(URI.create("http://localhost:8081")),
                Duration.ofMillis(20),
                settings.connectTimeout(),
                settings.responseTimeout(),
                0,
                1,
                10,
                10,
                settings.acquireTimeout(),
                settings.maxIdle(),
                settings.maxLife());
        Executors named = new Executors(http, local);
        await(() -> named.addresses().stream().noneMatch(InetSocketAddress::isUnresolved));
        assertThat(named.addresses())
                .allSatisfy(address ->
                        assertThat(address.getAddress().isLoopbackAddress()).isTrue());
        named.dispose();
    }

    /** Two that began after this; the first of them has had its effect then. */
    private void awaitLookUps() {
        int before = lookUps.get();
        await(() -> lookUps.get() >= before + 3);
    }

    private Mono<List<InetSocketAddress>> lookUp(InetSocketAddress name) {
        lookUps.incrementAndGet();
        return away ? Mono.error(() -> new UnknownHostException("away")) : Mono.just(addresses);
    }

    private Set<Executor> chosen() {
        return new HashSet<>(Stream.generate(executors::choose).limit(1000).toList());
    }

    private static void fail(Executor executor) {
        for (int i = 0; i < 30; i++) {
            executor.begin();
            executor.failed();
        }
    }

    private static InetSocketAddress address(int last) {
        return new InetSocketAddress("127.0.0." + last, 8081);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
