package dev.sluice.shared.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.shared.id.Ids;
import dev.sluice.shared.outbound.OutboundException.Kind;
import dev.sluice.shared.pressure.Bound;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.testing.CertifiedServer;
import dev.sluice.shared.testing.TestTls;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

@Timeout(120)
final class ClientCertificateTest {

    private static final Duration DEADLINE = Duration.ofSeconds(40);
    private static final OutboundAccess LOOPBACK = OutboundAccess.by(AddressPolicy.of(List.of("127.0.0.1", "[::1]")));

    @TempDir
    private static Path folder;

    private static TestTls own;
    private static TestTls ann;
    private static TestTls bob;
    private static TestTls stranger;
    private CertifiedServer server;
    private OutboundClient client;

    @BeforeAll
    static void make() {
        own = TestTls.in(folder, "server");
        ann = TestTls.in(folder, "ann");
        bob = TestTls.in(folder, "bob");
        stranger = TestTls.in(folder, "stranger");
    }

    @BeforeEach
    void start() {
        server = new CertifiedServer(own, List.of(ann, bob));
        client = new OutboundClient(
                OutboundSettings.DEFAULT,
                LOOPBACK,
                DefaultAddressResolverGroup.INSTANCE,
                tls -> tls.trustManager(own.trust()));
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "HTTP1", "HTTP2"})
    void isShownWhateverIsSpoken(OutboundProtocol protocol) {
        assertThat(answer(request("/", protocol).showing(shown(ann)))).isEqualTo(ann.name());
    }

    @Test
    void isShownWhereAResponseIsReadAsItComes() {
        Flux<String> read = client.stream(
                request("/slow", OutboundProtocol.AUTO).showing(shown(ann)),
                DEADLINE,
                () -> true,
                (head, body) -> body.map(bytes -> new String(bytes, StandardCharsets.UTF_8)));
        StepVerifier.create(read).expectNext(ann.name()).thenCancel().verify(DEADLINE);
        assertThat(answer(request("/", OutboundProtocol.AUTO).showing(shown(ann))))
                .isNotEmpty();
    }

    /** A connection that shows one's certificate is never used for another's request, nor for one that shows none. */
    @Test
    void isOneConnectionsAlone() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<TestTls> who = random.ints(300, 0, 2)
                .mapToObj(number -> number == 0 ? ann : bob)
                .toList();
        Flux<Boolean> answers = Flux.fromIterable(who)
                .flatMap(
                        one -> client.exchange(
                                        request("/", OutboundProtocol.AUTO).showing(shown(one)))
                                .map(response -> text(response).equals(one.name())),
                        20);
        StepVerifier.create(answers.all(right -> right))
                .as("seed " + seed)
                .expectNext(true)
                .expectComplete()
                .verify(DEADLINE);
        assertThat(server.connections()).isBetween(2, 40);
        refused(client, request("/", OutboundProtocol.AUTO), "wants a client certificate");
    }

    @Test
    void isKeptForTheNextRequest() {
        for (int i = 0; i < 5; i++) {
            assertThat(answer(request("/", OutboundProtocol.AUTO).showing(shown(ann))))
                    .isEqualTo(ann.name());
        }
        assertThat(server.connections()).isEqualTo(1);
        Principal platform = new Principal(new OrganizationId(Ids.next()), Ids.next(), Principal.Scope.PLATFORM);
        StepVerifier.create(client.pressure().bounds(platform))
                .assertNext(bounds -> assertThat(bounds)
                        .contains(Bound.refusing("calls", 20_000, 0), Bound.refusing("client-certificates", 256, 1)))
                .expectComplete()
                .verify(DEADLINE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void isRefusedByWhomItSaysNothing(String version) {
        try (var strict = new CertifiedServer(own, List.of(ann), version)) {
            for (OutboundProtocol protocol : List.of(OutboundProtocol.AUTO, OutboundProtocol.HTTP1)) {
                OutboundRequest request =
                        new OutboundRequest("POST", uri(strict, "/"), Map.of(), new byte[10], DEADLINE, 1000, protocol);
                refused(client, request.showing(shown(stranger)), "certificate_unknown");
            }
            assertThat(strict.shown()).isEmpty();
        }
    }

    @Test
    void isShownWhereAWebSocketIsOpened() {
        OutboundAccess trusting = new OutboundAccess(
                LOOPBACK.policy(),
                LOOPBACK.connectTo(),
                TrustedCertificates.in(
                        own.certificate(folder.resolve("own.pem")).toString()));
        try (var sockets = new OutboundWebSockets(OutboundSettings.DEFAULT, trusting)) {
            OutboundRequest request = request("/socket", OutboundProtocol.AUTO);
            Flux<String> messages = sockets.receive(request.showing(shown(bob)), "", () -> true)
                    .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
            StepVerifier.create(messages)
                    .expectNext(bob.name())
                    .expectComplete()
                    .verify(DEADLINE);
            StepVerifier.create(sockets.receive(request, "", () -> true))
                    .expectErrorSatisfies(error -> isRefusal(error, "wants a client certificate"))
                    .verify(DEADLINE);
        }
    }

    @Test
    void isForHttpsAloneAndGoesAlongWithTheRequest() {
        ClientCertificate certificate = shown(ann);
        OutboundRequest secure = request("/", OutboundProtocol.HTTP2).showing(certificate);
        OutboundRequest other = secure.withHeader("X-A", "1").withUri(URI.create("https://localhost/other"));
        assertThat(other.certificate()).isSameAs(certificate);
        assertThat(other.protocol()).isEqualTo(OutboundProtocol.HTTP2);
        URI plain = URI.create("http://localhost/");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> secure.withUri(plain))
                .withMessageContaining("https, where a client certificate is to be shown");
        assertThat(certificate).hasToString("ClientCertificate[CN=ann]");
    }

    private void refused(OutboundClient by, OutboundRequest request, String alert) {
        Mono<OutboundResponse> exchange = by.exchange(request);
        StepVerifier.create(exchange)
                .expectErrorSatisfies(error -> isRefusal(error, alert))
                .verify(DEADLINE);
    }

    private static void isRefusal(Throwable error, String alert) {
        assertThat(error).isInstanceOfSatisfying(OutboundException.class, refused -> {
            assertThat(refused.kind()).as(refused.getMessage()).isEqualTo(Kind.IDENTITY);
            assertThat(refused.sent()).isFalse();
            assertThat(refused).hasMessageContaining(alert);
        });
    }

    private String answer(OutboundRequest request) {
        String[] answer = {""};
        StepVerifier.create(client.exchange(request))
                .assertNext(response -> answer[0] = text(response))
                .expectComplete()
                .verify(DEADLINE);
        return answer[0];
    }

    private static String text(OutboundResponse response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private OutboundRequest request(String path, OutboundProtocol protocol) {
        return new OutboundRequest("GET", uri(server, path), Map.of(), null, DEADLINE, 1000, protocol);
    }

    private static URI uri(CertifiedServer server, String path) {
        return URI.create("https://localhost:" + server.port() + path);
    }

    private static ClientCertificate shown(TestTls client) {
        return new ClientCertificate("somebody", client.name(), client.key(), List.of(client.certificate()));
    }
}
