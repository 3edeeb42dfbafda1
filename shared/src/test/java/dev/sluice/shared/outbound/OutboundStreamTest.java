package dev.sluice.shared.outbound;

import static dev.sluice.shared.outbound.OutboundException.Kind.CAPACITY;
import static dev.sluice.shared.outbound.OutboundException.Kind.CONNECT;
import static dev.sluice.shared.outbound.OutboundException.Kind.RESET;
import static dev.sluice.shared.outbound.OutboundException.Kind.TIMEOUT;
import static dev.sluice.shared.outbound.OutboundException.Kind.WITHDRAWN;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.embedded.LocalPort;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Responses that are read as they come, from peers that misbehave on a plain socket. */
final class OutboundStreamTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(400);

    /** More than a machine that has much to do takes between two parts of a response. */
    private static final Duration PATIENCE = Duration.ofSeconds(6);

    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final byte[] CHUNK = ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes(US_ASCII);
    private static final OutboundAccess LOCAL = OutboundAccess.by(AddressPolicy.of(List.of("127.0.0.1")));

    private final OutboundClient client =
            new OutboundClient(OutboundSettings.DEFAULT.withExchanges(1).withConnectionsPerHost(1), LOCAL);

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void comesAsItIsSentAndGivesTheConnectionBack() throws Exception {
        try (var server = ScriptedServer.answering(CHUNKED + "5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n")) {
            for (int i = 0; i < 3; i++) {
                StepVerifier.create(text(server.uri(), DEADLINE, DEADLINE).collectList())
                        .assertNext(parts -> assertThat(String.join("", parts)).isEqualTo("200:helloworld"))
                        .expectComplete()
                        .verify(DEADLINE);
            }
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    /** What the kernel's buffers take is all that a peer gets rid of while nobody reads. */
    @Test
    void isReadAtThePaceOfItsReaderHoweverLongThatTakes() throws Exception {
        AtomicLong written = new AtomicLong();
        try (var server = ScriptedServer.playing((socket, out) -> {
            out.write(CHUNKED.getBytes(US_ASCII));
            for (int i = 0; i < 2_000; i++) {
                out.write(CHUNK);
                written.addAndGet(0x10000);
            }
            out.write("0\r\n\r\n".getBytes(US_ASCII));
        })) {
            // Longer than the silence that a peer is allowed: it is the reader's own.
            Flux<Integer> slow = client.stream(
                    get(server.uri(), DEADLINE), PATIENCE, () -> true, (head, body) -> body.map(part -> part.length));
            StepVerifier.create(slow, 1)
                    .expectNextCount(1)
                    .thenAwait(PATIENCE.plus(SHORT))
                    .then(() -> assertThat(written.get()).isLessThan(40L << 20))
                    .thenRequest(Long.MAX_VALUE)
                    .thenConsumeWhile(part -> true)
                    .expectComplete()
                    .verify(Duration.ofSeconds(60));
            assertThat(written.get()).isEqualTo(2_000L * 0x10000);
        }
    }

    @Test
    void failsWhenNothingComesWhileItIsAskedFor() throws Exception {
        try (var server = ScriptedServer.answering(CHUNKED + "5\r\nhello\r\n")) {
            fails(text(server.uri(), DEADLINE, SHORT).skip(1), TIMEOUT);
            assertThat(server.clientGone()).isTrue();
        }
    }

    @Test
    void failsWhenThereIsNoHeadInTime() throws Exception {
        try (var server = ScriptedServer.answering("HTTP/1.1 200 OK\r\nX-Half: ")) {
            fails(text(server.uri(), SHORT, DEADLINE), TIMEOUT);
            assertThat(server.clientGone()).isTrue();
        }
    }

    /** The time for the head is over before the body is. */
    @Test
    void takesLongerThanItsHeadMay() throws Exception {
        try (var server = ScriptedServer.playing((socket, out) -> {
            out.write(CHUNKED.getBytes(US_ASCII));
            for (int i = 0; i < 8; i++) {
                LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
                out.write("1\r\nx\r\n".getBytes(US_ASCII));
            }
            out.write("0\r\n\r\n".getBytes(US_ASCII));
        })) {
            StepVerifier.create(text(server.uri(), Duration.ofSeconds(3), DEADLINE)
                            .skip(1)
                            .collectList())
                    .assertNext(parts -> assertThat(String.join("", parts)).isEqualTo("xxxxxxxx"))
                    .expectComplete()
                    .verify(DEADLINE.multipliedBy(2));
        }
    }

    @Test
    void saysWhatBecameOfTheConnection() throws Exception {
        try (var server = ScriptedServer.playing((socket, out) -> {
            out.write((CHUNKED + "5\r\nhello\r\n").getBytes(US_ASCII));
            out.flush();
            socket.close();
        })) {
            fails(text(server.uri(), DEADLINE, DEADLINE).skip(1), RESET);
        }
        fails(text(URI.create("http://127.0.0.1:" + LocalPort.free() + "/"), DEADLINE, DEADLINE), CONNECT);
    }

    @Test
    void isNotSentWhenItMayNotBe() throws Exception {
        try (var server = ScriptedServer.answering(CHUNKED)) {
            Flux<byte[]> withdrawn =
                    client.stream(get(server.uri(), DEADLINE), DEADLINE, () -> false, (head, body) -> body);
            fails(withdrawn, WITHDRAWN);
        }
    }

    /** One of those under way to its end, whichever that is. */
    @RepeatedTest(20)
    void closesTheConnectionWhenNobodyWantsTheRest() throws Exception {
        try (var server = ScriptedServer.answering(CHUNKED + "5\r\nhello\r\n")) {
            StepVerifier.create(text(server.uri(), DEADLINE, DEADLINE).take(2))
                    .expectNextCount(2)
                    .expectComplete()
                    .verify(DEADLINE);
            assertThat(server.clientGone()).isTrue();
            AtomicBoolean begun = new AtomicBoolean();
            Disposable open = text(server.uri(), DEADLINE, DEADLINE).subscribe(part -> begun.set(true));
            fails(text(server.uri(), DEADLINE, DEADLINE), CAPACITY);
            open.dispose();
            assertThat(server.clientsGone()).isTrue();
        }
    }

    /** A reader that looks at the head alone leaves nothing open. */
    @Test
    void closesTheConnectionOfABodyThatNobodyReads() throws Exception {
        try (var server = ScriptedServer.answering(CHUNKED + "5\r\nhello\r\n")) {
            Flux<Integer> status = client.stream(
                    get(server.uri(), DEADLINE), DEADLINE, () -> true, (head, body) -> Mono.just(head.status()));
            StepVerifier.create(status).expectNext(200).expectComplete().verify(DEADLINE);
            assertThat(server.clientGone()).isTrue();
        }
    }

    @Test
    void endsWithWhatItsReaderEndsWith() throws Exception {
        try (var server = ScriptedServer.answering(CHUNKED + "5\r\nhello\r\n")) {
            Flux<byte[]> read = client.stream(
                    get(server.uri(), DEADLINE),
                    DEADLINE,
                    () -> true,
                    (head, body) -> body.concatMap(part -> Mono.error(new IllegalStateException("no"))));
            StepVerifier.create(read).expectErrorMessage("no").verify(DEADLINE);
            assertThat(server.clientGone()).isTrue();
        }
    }

    /** It would have its effect although its caller was told that it was not sent. */
    @Test
    void isNotSentWhenItsTimeIsOverBeforeThereIsAConnection() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        try (OutboundClient two = new OutboundClient(
                        OutboundSettings.DEFAULT.withExchanges(2).withConnectionsPerHost(1), LOCAL);
                var server = ScriptedServer.playing((socket, out) -> {
                    asked.add("request");
                    out.write((CHUNKED + "5\r\nhello\r\n").getBytes(US_ASCII));
                })) {
            AtomicBoolean begun = new AtomicBoolean();
            Disposable first = text(two, server.uri(), DEADLINE, DEADLINE).subscribe(part -> begun.set(true));
            assertThat(server.requestArrived()).isTrue();
            fails(text(two, server.uri(), SHORT, DEADLINE), TIMEOUT);
            first.dispose();
            // Connections are given in the order in which they were asked for.
            StepVerifier.create(text(two, server.uri(), DEADLINE, DEADLINE).take(2))
                    .expectNextCount(2)
                    .expectComplete()
                    .verify(DEADLINE);
            assertThat(asked).hasSize(2);
        }
    }

    private Flux<String> text(URI uri, Duration head, Duration silence) {
        return text(client, uri, head, silence);
    }

    private static Flux<String> text(OutboundClient client, URI uri, Duration head, Duration silence) {
        return client.stream(
                get(uri, head),
                silence,
                () -> true,
                (first, body) ->
                        Flux.concat(Mono.just(first.status() + ":"), body.map(part -> new String(part, US_ASCII))));
    }

    private static OutboundRequest get(URI uri, Duration timeout) {
        return new OutboundRequest("GET", uri, Map.of(), null, timeout, 0);
    }

    private static void fails(Flux<?> stream, OutboundException.Kind kind) {
        StepVerifier.create(stream)
                .thenConsumeWhile(part -> true)
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(
                                OutboundException.class,
                                e -> assertThat(e.kind()).isEqualTo(kind)))
                .verify(DEADLINE);
    }
}
