package dev.sluice.shared.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.outbound.OutboundException.Kind;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;

/** The policy on the client's way to a connection, with a resolver whose answers the test chooses. */
final class CheckedResolverTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1",
                "https://127.0.0.1",
                "http://[::1]",
                "http://[::ffff:127.0.0.1]",
                "http://[::ffff:7f00:1]",
                "http://0.0.0.0",
                "http://[::]",
                "http://169.254.169.254",
                "http://[fe80::1%251]",
                "http://[64:ff9b::7f00:1]"
            })
    void refusesPrivateLiteralsInEveryForm(String address) throws Exception {
        try (var server = ScriptedServer.answering("");
                var client = client(AddressPolicy.of(List.of()))) {
            fails(client, address + ':' + server.port(), Kind.REFUSED_ADDRESS);
            assertThat(server.connections()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "169.254.169.254", "10.0.0.1", "64:ff9b::a9fe:a9fe"})
    void refusesANameThatAnswersAPrivateAddress(String answer) throws Exception {
        try (var server = ScriptedServer.answering("");
                var client = client(AddressPolicy.of(List.of()), answer)) {
            fails(client, "http://innocent.example:" + server.port(), Kind.REFUSED_ADDRESS);
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void refusesLocalhostWithATrailingDot() throws Exception {
        try (var client = client(AddressPolicy.of(List.of()), "127.0.0.1")) {
            fails(client, "http://localhost.", Kind.REFUSED_ADDRESS);
        }
    }

    @Test
    void connectsToThePermittedAnswerAmongOthers() throws Exception {
        try (var server = ScriptedServer.answering("HTTP/1.1 204 No Content\r\n\r\n");
                var client = client(AddressPolicy.of(List.of("127.0.0.1")), "10.0.0.1", "127.0.0.1")) {
            StepVerifier.create(client.exchange(get("http://mixed.example:" + server.port())))
                    .assertNext(response -> assertThat(response.status()).isEqualTo(204))
                    .expectComplete()
                    .verify(DEADLINE);
        }
    }

    @Test
    void asksTheResolverOncePerConnectionSoThatTheCheckedAnswerIsUsed() throws Exception {
        AtomicInteger lookups = new AtomicInteger();
        // The first answer is permitted, every later one is not: a second look-up would be seen.
        var rebinding = resolver(() -> List.of(lookups.getAndIncrement() == 0 ? "127.0.0.1" : "10.0.0.1"));
        try (var server = ScriptedServer.answering("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
                var client = client(AddressPolicy.of(List.of("127.0.0.1")), rebinding)) {
            StepVerifier.create(client.exchange(get("http://rebinding.example:" + server.port())))
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(DEADLINE);
            assertThat(lookups).hasValue(1);
        }
    }

    @Test
    void allowsANamedHostOnItsPortOnly() throws Exception {
        try (var server = ScriptedServer.answering("HTTP/1.1 204 No Content\r\n\r\n");
                var client = client(AddressPolicy.of(List.of("sim.example:" + server.port())), "127.0.0.1")) {
            StepVerifier.create(client.exchange(get("http://SIM.example:" + server.port())))
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(DEADLINE);
            fails(client, "http://sim.example:1", Kind.REFUSED_ADDRESS);
            fails(client, "http://127.0.0.1:" + server.port(), Kind.REFUSED_ADDRESS);
        }
    }

    @Test
    void reportsAnUnknownName() throws Exception {
        try (var client = client(AddressPolicy.of(List.of()))) {
            fails(client, "http://nowhere.example", Kind.UNRESOLVED);
        }
    }

    @Test
    void givesUpOnAResolverThatNeverAnswers() throws Exception {
        try (var client = client(AddressPolicy.of(List.of()), resolver(() -> null))) {
            fails(client, "http://silent.example", Kind.TIMEOUT);
        }
    }

    private static void fails(OutboundClient client, String uri, Kind kind) {
        StepVerifier.create(client.exchange(get(uri)))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(OutboundException.class, outbound -> {
                            assertThat(outbound.kind())
                                    .as("%s", outbound.getCause())
                                    .isEqualTo(kind);
                            assertThat(outbound.sent()).isFalse();
                        }))
                .verify(DEADLINE);
    }

    private static OutboundRequest get(String uri) {
        return new OutboundRequest("GET", URI.create(uri), Map.of(), null, Duration.ofSeconds(2), 1000);
    }

    private static OutboundClient client(AddressPolicy policy, String... answers) {
        return client(policy, resolver(() -> List.of(answers)));
    }

    private static OutboundClient client(AddressPolicy policy, AddressResolverGroup<InetSocketAddress> resolver) {
        return new OutboundClient(OutboundSettings.DEFAULT, OutboundAccess.by(policy), resolver, tls -> {});
    }

    private static AddressResolverGroup<InetSocketAddress> resolver(Answers answers) {
        return new AddressResolverGroup<>() {
            @Override
            protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
                return new FixedNames(executor, answers).asAddressResolver();
            }
        };
    }

    /** The addresses of whatever name; none for an unknown name, null for silence. */
    private interface Answers {
        @org.jspecify.annotations.Nullable
        List<String> get();
    }

    private static final class FixedNames extends InetNameResolver {
        private final Answers answers;

        FixedNames(EventExecutor executor, Answers answers) {
            super(executor);
            this.answers = answers;
        }

        @Override
        protected void doResolve(String name, Promise<InetAddress> promise) {
            throw new UnsupportedOperationException("the client asks for all addresses");
        }

        @Override
        protected void doResolveAll(String name, Promise<List<InetAddress>> promise) throws Exception {
            List<String> texts = answers.get();
            if (texts == null) {
                return;
            }
            if (texts.isEmpty()) {
                throw new UnknownHostException(name);
            }
            List<InetAddress> addresses = new ArrayList<>();
            for (String text : texts) {
                addresses.add(InetAddress.getByAddress(name, NetUtil.createByteArrayFromIpAddressString(text)));
            }
            promise.setSuccess(addresses);
        }
    }
}
