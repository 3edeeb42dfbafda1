package dev.sluice.executor.call.asyncapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.engine.CallFailure;
import dev.sluice.executor.journal.FencedException;
import dev.sluice.shared.testing.TestRedis;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.tcp.TcpServer;
import reactor.test.StepVerifier;

/** Channels of a real Redis, and of servers that say they are one. */
final class RedisChannelsIT {

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final String PASSWORD =
            "authentication: { basic: { username: default, password: test-password } }, ";
    private static final String HELLO = "message: { payload: { text: hi, id: 7 } }";

    private static final String TOO_LARGE = "*3\r\n$7\r\nmessage\r\n$5\r\n/news\r\n$536870912\r\n";

    private final Sinks.Empty<Void> hungUp = Sinks.empty();
    private final Desk desk = new Desk(10, Duration.ofSeconds(15));

    @AfterEach
    void close() {
        desk.close();
    }

    @Test
    void hearWhatIsPublishedAfterTheySubscribed() {
        Flux<String> heard = desk.values(real(), PASSWORD);
        Mono<String> published = desk.publish(real(), PASSWORD + HELLO).map(Object::toString);

        StepVerifier.create(heard.take(2)
                        .publish(shared -> shared.mergeWith(published
                                .delaySubscription(Duration.ofMillis(100))
                                .repeat()
                                .ignoreElements()
                                .takeUntilOther(shared.then()))))
                .expectNext(
                        "{\"payload\":{\"text\":\"hi\",\"id\":7},\"correlationId\":\"7\"}",
                        "{\"payload\":{\"text\":\"hi\",\"id\":7},\"correlationId\":\"7\"}")
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void publishWithoutAnOutputThoughNobodyHears() {
        StepVerifier.create(desk.publish(real(), PASSWORD + HELLO).map(Object::toString))
                .expectNext("null")
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void sayThatTheServerDoesNotKnowThem() {
        String wrong = "authentication: { basic: { username: jo, password: wrong-password } }, ";
        StepVerifier.create(desk.publish(real(), wrong + HELLO))
                .verifyErrorSatisfies(
                        error -> ChannelCallsTest.failed(error, "authentication", 401, "does not accept who it is"));
        StepVerifier.create(desk.values(real(), wrong))
                .verifyErrorSatisfies(
                        error -> ChannelCallsTest.failed(error, "authentication", 401, "does not accept who it is"));
        StepVerifier.create(desk.values(real(), ""))
                .verifyErrorSatisfies(
                        error -> ChannelCallsTest.failed(error, "authentication", 401, "does not accept who it is"));
    }

    @Test
    void reachNoAddressThatThePolicyRefuses() {
        StepVerifier.create(desk.publish("{ host: '127.0.0.2:6379', protocol: redis }", HELLO))
                .verifyErrorSatisfies(error -> ChannelCallsTest.failed(
                        error, "authorization", 403, "does not let workflows reach this address"));
        StepVerifier.create(desk.values("{ host: '127.0.0.2:6379', protocol: rediss }", ""))
                .verifyErrorSatisfies(error -> ChannelCallsTest.failed(
                        error, "authorization", 403, "does not let workflows reach this address"));
    }

    @Test
    void publishNothingThatIsNoLongerTheirs() {
        desk.permitted.set(false);
        StepVerifier.create(desk.publish(real(), PASSWORD + HELLO)).verifyError(FencedException.class);
        StepVerifier.create(desk.values(real(), PASSWORD)).verifyError(FencedException.class);
    }

    @Test
    void giveUpAServerThatSaysNothing() {
        DisposableServer silent = fake("", false);
        StepVerifier.create(desk.publish(at(silent), HELLO))
                .verifyErrorSatisfies(error -> assertThat(error).isInstanceOf(CallFailure.class));
        silent.disposeNow(DEADLINE);
    }

    @Test
    void giveUpAServerThatIsNone() {
        DisposableServer garbage = fake("HTTP/1.1 400 Bad Request\r\n\r\n", false);
        try (Desk hasty = new Desk(10, Duration.ofSeconds(1))) {
            StepVerifier.create(hasty.values(at(garbage), "")).verifyError(CallFailure.class);
        }
        garbage.disposeNow(DEADLINE);
    }

    /** What they hold of a message is never more than it may have. */
    @Test
    void takeNoMessageThatIsTooLarge() {
        DisposableServer large = fake(TOO_LARGE, true);
        StepVerifier.create(desk.values(at(large), ""))
                .verifyErrorSatisfies(
                        error -> ChannelCallsTest.failed(error, "communication", 502, "the connection was lost"));
        large.disposeNow(DEADLINE);
    }

    /** That they hang up, for what comes last, shows that all but the last of it has come to them. */
    @Test
    void endWhenMoreComesThanIsConsumed() {
        String message = "*3\r\n$7\r\nmessage\r\n$5\r\n/news\r\n$1\r\n1\r\n";
        DisposableServer fast = fake(message.repeat(Backlog.MOST * 10) + TOO_LARGE, true);
        StepVerifier.create(desk.values(at(fast), ""), 1)
                .expectNext("{\"payload\":1}")
                .then(() -> hungUp.asMono().block(DEADLINE))
                .thenRequest(Long.MAX_VALUE)
                .thenConsumeWhile(value -> true)
                .expectErrorSatisfies(error -> ChannelCallsTest.failed(error, "communication", 503, "(overflow)"))
                .verify(DEADLINE);
        fast.disposeNow(DEADLINE);
    }

    private static String real() {
        return "{ host: '127.0.0.1:" + TestRedis.url().getPort() + "', protocol: redis }";
    }

    private static String at(DisposableServer server) {
        return "{ host: '127.0.0.1:" + server.port() + "', protocol: redis }";
    }

    /** Says something to each command; when it is to go on, as a server that knows no RESP3 and accepts all. */
    private DisposableServer fake(String answer, boolean server) {
        return TcpServer.create()
                .host("127.0.0.1")
                .port(0)
                .doOnConnection(connection -> connection.onDispose(() -> {
                    var _ = hungUp.tryEmitEmpty();
                }))
                .handle((in, out) -> in.receive()
                        .asString(StandardCharsets.UTF_8)
                        .concatMap(command -> out.send(Mono.just(Unpooled.copiedBuffer(
                                        server ? plausible(command, answer) : answer, StandardCharsets.UTF_8)))
                                .then())
                        .then())
                .bindNow(DEADLINE);
    }

    private static String plausible(String command, String messages) {
        if (command.contains("HELLO")) {
            return "-ERR unknown command\r\n";
        }
        if (command.contains("SUBSCRIBE")) {
            return "*3\r\n$9\r\nsubscribe\r\n$5\r\n/news\r\n:1\r\n" + messages;
        }
        return command.contains("PING") ? "+PONG\r\n" : "+OK\r\n".repeat(command.split("\\*[0-9]", -1).length - 1);
    }
}
