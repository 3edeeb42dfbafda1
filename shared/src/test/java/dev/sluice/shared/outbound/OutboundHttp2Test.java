package dev.sluice.shared.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.outbound.ScriptedHttp2.Refusal;
import dev.sluice.shared.testing.TestTls;
import dev.sluice.shared.web.KeepReading;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.test.StepVerifier;

@Timeout(120)
final class OutboundHttp2Test {

    private static final Duration DEADLINE = Duration.ofSeconds(40);
    private static final OutboundAccess LOOPBACK = OutboundAccess.by(AddressPolicy.of(List.of("127.0.0.1")));
    private static final OutboundSettings SETTINGS =
            new OutboundSettings(1000, 4, 1000, Duration.ofSeconds(5), Duration.ofSeconds(15));

    @TempDir
    private Path folder;

    private TestTls tls;
    private ScriptedHttp2 server;
    private OutboundClient client;
    private OutboundConnections connections;

    @BeforeEach
    void start() {
        tls = TestTls.in(folder, "server");
        server = new ScriptedHttp2(
                KeepReading.on(HttpServer.create()
                        .protocol(HttpProtocol.HTTP11, HttpProtocol.H2)
                        .http2Settings(http2 -> http2.maxConcurrentStreams(10_000))
                        .secure(spec -> spec.sslContext(tls.offeringHttp2()))),
                "https");
        client = new OutboundClient(SETTINGS, LOOPBACK, DefaultAddressResolverGroup.INSTANCE, this::trust);
        connections = new OutboundConnections(
                SETTINGS, LOOPBACK, DEADLINE, DefaultAddressResolverGroup.INSTANCE, this::trust);
    }

    private void trust(SslContextBuilder builder) {
        builder.trustManager(tls.trust());
    }

    @AfterEach
    void stop() {
        client.close();
        connections.close();
        server.close();
    }

    @Test
    void speaksHttp2WhereItIsOfferedAndHttp11WhereThatIsAsked() {
        expect(post(), "got body");
        assertThat(server.asked.remove()).isEqualTo("POST / HTTP/2.0");
        ask(server.uri("/"), OutboundProtocol.HTTP1);
        assertThat(server.asked.remove()).isEqualTo("GET / HTTP/1.1");
        ask(server.uri("/"), OutboundProtocol.AUTO);
        assertThat(server.asked.remove()).isEqualTo("GET / HTTP/2.0");
    }

    @Test
    void speaksHttp2WithoutTlsWhereThatIsAskedOnly() {
        try (var plain =
                new ScriptedHttp2(HttpServer.create().protocol(HttpProtocol.HTTP11, HttpProtocol.H2C), "http")) {
            ask(plain.uri("/"), OutboundProtocol.AUTO);
            assertThat(plain.asked.remove()).isEqualTo("GET / HTTP/1.1");
            ask(plain.uri("/"), OutboundProtocol.H2C);
            assertThat(plain.asked.remove()).isEqualTo("GET / HTTP/2.0");
        }
    }

    /** RFC 9113, section 8.7: also what has an effect. */
    @ParameterizedTest
    @EnumSource
    void sendsAgainWhatWasNotProcessed(Refusal how) {
        expect(post(), "got body");
        server.asked.clear();
        server.refuse(2, how);
        expect(post(), "got body");
        assertThat(server.asked).containsExactly("POST / HTTP/2.0", "POST / HTTP/2.0", "POST / HTTP/2.0");
    }

    @ParameterizedTest
    @EnumSource
    void givesUpAndSaysThatNothingWasProcessed(Refusal how) {
        server.refuse(100, how);
        StepVerifier.create(client.exchange(post()))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(OutboundException.class, failed -> {
                            assertThat(failed.kind()).isEqualTo(OutboundException.Kind.CONNECT);
                            assertThat(failed.sent()).isFalse();
                        }))
                .verify(DEADLINE);
        assertThat(server.asked).hasSize(3);
    }

    /** The server takes any number, and answers when there are so many. */
    @Test
    void carriesAThousandAtOnceOnAConnectionAndLetsTheOthersWait() {
        var one = new OutboundSettings(2000, 1, 2000, Duration.ofSeconds(5), Duration.ofSeconds(15));
        try (var narrow =
                new OutboundConnections(one, LOOPBACK, DEADLINE, DefaultAddressResolverGroup.INSTANCE, this::trust)) {
            Flux.range(0, 1300)
                    .flatMap(
                            i -> narrow.to(server.uri("/"))
                                    .get()
                                    .uri(server.uri("/gate"))
                                    .responseSingle((head, body) -> body.asString()
                                            .thenReturn(head.status().code())),
                            1300)
                    .as(StepVerifier::create)
                    .expectNextCount(1300)
                    .expectComplete()
                    .verify(DEADLINE);
        }
        assertThat(server.peers).hasSize(1);
        assertThat(server.mostAtOnce).hasValue(1000);
    }

    @Test
    void doesNotLetReadersThatStallHoldUpTheOthersOfTheirConnection() throws Exception {
        ask(server.uri("/"), OutboundProtocol.AUTO);
        List<Stalled> readers =
                IntStream.range(0, 50).mapToObj(i -> new Stalled()).toList();
        for (Stalled reader : readers) {
            connections
                    .to(server.uri("/"))
                    .get()
                    .uri(server.uri("/flood"))
                    .responseContent()
                    .asByteArray()
                    .subscribe(reader);
            assertThat(reader.began.await(20, TimeUnit.SECONDS)).isTrue();
        }
        for (int i = 0; i < 20; i++) {
            ask(server.uri("/"), OutboundProtocol.AUTO);
        }
        assertThat(server.peers).hasSize(1);
        readers.forEach(BaseSubscriber::dispose);
    }

    private OutboundRequest post() {
        return new OutboundRequest(
                "POST", server.uri("/"), Map.of(), "body".getBytes(StandardCharsets.UTF_8), DEADLINE, 1000);
    }

    private void expect(OutboundRequest request, String answer) {
        StepVerifier.create(client.exchange(request).map(OutboundHttp2Test::text))
                .expectNext(answer)
                .expectComplete()
                .verify(DEADLINE);
    }

    private static String text(OutboundResponse response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private void ask(URI uri, OutboundProtocol protocol) {
        connections
                .to(uri, protocol)
                .get()
                .uri(uri)
                .responseContent()
                .aggregate()
                .asString()
                .as(StepVerifier::create)
                .expectNext("got ")
                .expectComplete()
                .verify(DEADLINE);
    }

    /** Reads the beginning of a response and no more. */
    private static final class Stalled extends BaseSubscriber<byte[]> {

        private final CountDownLatch began = new CountDownLatch(1);

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(1);
        }

        @Override
        protected void hookOnNext(byte[] part) {
            began.countDown();
        }
    }
}
