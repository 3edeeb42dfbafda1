package dev.sluice.shared.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.shared.outbound.OutboundException.Kind;
import dev.sluice.shared.testing.TestTls;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.test.StepVerifier;

/** Hosts that are somewhere else, with certificates of one's own, on real sockets; no name is looked up. */
@Timeout(60)
final class OutboundAccessTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final String HOST = "partner.invalid";

    private static DisposableServer server;
    private static Path certificate;

    @BeforeAll
    static void start(@TempDir Path folder) {
        TestTls tls = TestTls.named(folder, "partner", List.of(HOST));
        certificate = tls.certificate(folder.resolve("partner.pem"));
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .protocol(HttpProtocol.HTTP11, HttpProtocol.H2)
                .secure(spec -> spec.sslContext(tls.offeringHttp2()))
                .handle((request, response) -> response.sendString(Mono.just(request.version() + " "
                        + request.requestHeaders().get(HttpHeaderNames.HOST, "no host") + request.uri())))
                .bindNow(DEADLINE);
    }

    @AfterAll
    static void stop() {
        server.disposeNow(DEADLINE);
    }

    @ParameterizedTest
    @ValueSource(strings = {HOST, "Partner.Invalid"})
    void connectsElsewhereAndAsksForTheHostItWasGiven(String host) {
        try (var client = client(allowed(), elsewhere(HOST + ":443"), certificate.toString())) {
            StepVerifier.create(client.exchange(get("https://" + host + "/path")))
                    .assertNext(
                            response -> assertThat(text(response)).isEqualToIgnoringCase("HTTP/2.0 " + HOST + "/path"))
                    .expectComplete()
                    .verify(DEADLINE);
        }
    }

    /** Otherwise a workflow would go around what the operator says. */
    @Test
    void knowsTheHostWithADotAtItsEnd() {
        try (var client = client(List.of(), elsewhere(HOST + ":443"), certificate.toString())) {
            fails(client, "https://" + HOST + "./", Kind.REFUSED_ADDRESS);
        }
    }

    @Test
    void connectsToAnAddressInPlaceOfAnother() {
        List<String> allow = List.of("127.0.0.1:" + server.port());
        try (var client = client(allow, elsewhere("203.0.113.7:8443"), certificate.toString())) {
            fails(client, "https://203.0.113.7:8443/", Kind.CONNECT);
        }
    }

    @Test
    void refusesAnAddressThatThePolicyDoesNotPermit() {
        for (List<String> allow : List.of(List.<String>of(), List.of(HOST + ":443"), List.of("127.0.0.1:1"))) {
            try (var client = client(allow, elsewhere(HOST + ":443"), certificate.toString())) {
                fails(client, "https://" + HOST, Kind.REFUSED_ADDRESS);
            }
        }
    }

    @Test
    void leavesOtherPortsWhereTheyAre() {
        try (var client = client(allowed(), elsewhere(HOST + ":8443"), certificate.toString())) {
            fails(client, "https://" + HOST, Kind.UNRESOLVED);
        }
    }

    @Test
    void believesNoCertificateUnlessToldTo() {
        try (var client = client(allowed(), elsewhere(HOST + ":443"), "")) {
            fails(client, "https://" + HOST, Kind.CONNECT);
        }
    }

    @Test
    void believesNoCertificateOfAnotherName() {
        try (var client = client(allowed(), elsewhere("other.invalid:443"), certificate.toString())) {
            fails(client, "https://other.invalid", Kind.CONNECT);
        }
    }

    @Test
    void believesThePlatformAsWell() throws GeneralSecurityException {
        assertThat(TrustedCertificates.in(certificate.toString()).issuers())
                .hasSize(TrustedCertificates.PLATFORM.issuers().size() + 1)
                .containsAll(TrustedCertificates.PLATFORM.issuers());
    }

    @Test
    void refusesAFileWithoutCertificates(@TempDir Path folder) throws Exception {
        Path empty = Files.writeString(folder.resolve("empty.pem"), "");
        Path other = Files.writeString(folder.resolve("other.pem"), "-----BEGIN CERTIFICATE-----\nnothing\n");
        for (Path file : List.of(empty, other, folder, folder.resolve("missing.pem"))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TrustedCertificates.in(file.toString()))
                    .withMessage(
                            "sluice.outbound.trusted-certificates: %s (expected: a file with certificates in PEM)",
                            file);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "partner.invalid",
                "partner.invalid:443",
                "partner.invalid:443=127.0.0.1",
                "partner.invalid=127.0.0.1:443",
                ":443=127.0.0.1:443",
                "https://partner.invalid:443=127.0.0.1:443",
                "partner.invalid:443=127.0.0.1:443=127.0.0.1:444",
                "partner.invalid:443=::1:443",
                "partner.invalid:443=[1.2]:443",
                "partner.invalid:0=127.0.0.1:443",
                "partner.invalid:443=127.0.0.1:65536"
            })
    void refusesAMalformedEntryByName(String entry) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConnectTo.of(List.of("a:1=[::1]:2", " ", entry)))
                .satisfies(refusal -> assertThat(refusal)
                        .hasMessageStartingWith("sluice.outbound.connect-to: %s (expected: ", entry));
    }

    @Test
    void refusesAHostThatIsSentToTwoPlaces() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConnectTo.of(List.of("a:1=b:2", "A:2=b:2", "A:1=c:2")))
                .withMessage("sluice.outbound.connect-to: A:1=c:2 (expected: each host:port once)");
    }

    private static List<String> allowed() {
        return List.of("127.0.0.1:" + server.port());
    }

    private static String elsewhere(String from) {
        return from + "=127.0.0.1:" + server.port();
    }

    private static OutboundClient client(List<String> allow, String connectTo, String certificates) {
        OutboundAccess access = new OutboundAccess(
                AddressPolicy.of(allow), ConnectTo.of(List.of(connectTo)), TrustedCertificates.in(certificates));
        return new OutboundClient(OutboundSettings.DEFAULT, access, new Nowhere(), access.trusted()::addTo);
    }

    private static void fails(OutboundClient client, String uri, Kind kind) {
        StepVerifier.create(client.exchange(get(uri)))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(
                                OutboundException.class,
                                outbound -> assertThat(outbound.kind())
                                        .as("%s", outbound.getCause())
                                        .isEqualTo(kind)))
                .verify(DEADLINE);
    }

    private static OutboundRequest get(String uri) {
        return new OutboundRequest("GET", URI.create(uri), Map.of(), null, DEADLINE, 1000);
    }

    private static String text(OutboundResponse response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    /** Knows no name. */
    private static final class Nowhere extends AddressResolverGroup<InetSocketAddress> {
        @Override
        protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
            return new InetNameResolver(executor) {
                @Override
                protected void doResolve(String name, Promise<InetAddress> promise) throws UnknownHostException {
                    throw new UnknownHostException(name);
                }

                @Override
                protected void doResolveAll(String name, Promise<List<InetAddress>> promise)
                        throws UnknownHostException {
                    throw new UnknownHostException(name);
                }
            }.asAddressResolver();
        }
    }
}
