package dev.sluice.executor.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** Examples of the standard, and streams that are none, cut wherever a network may cut them. */
final class EventStreamReaderTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1_000})
    void readsTheExamplesOfTheStandard(int cut) {
        assertThat(read("data: YHOO\ndata: +2\ndata: 10\n\n", cut)).containsExactly(message("YHOO\n+2\n10", ""));
        assertThat(read(
                        ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
                        cut))
                .containsExactly(message("first event", "1"), message("second event", ""), message(" third event", ""));
        assertThat(read("data\n\ndata\ndata\n\ndata:", cut)).containsExactly(message("", ""), message("\n", ""));
        assertThat(read("data:test\n\ndata: test\n\n", cut)).containsExactly(message("test", ""), message("test", ""));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 1_000})
    void takesEveryEndOfALineAndAMarkOfTheByteOrder(int cut) {
        assertThat(read("\uFEFFevent: a\r\ndata: ü€😀\r\rdata: b\r\n\r\n", cut))
                .containsExactly(new ServerSentEvent("a", "ü€😀", ""), message("b", ""));
    }

    @Test
    void goesOverWhatIsNoEvent() {
        assertThat(read("event: x\n\nretry: 5\nunknown: y\n: ping\nid: a\0b\n\ndata: c\n\nevent: half\ndata: d", 4))
                .containsExactly(message("c", ""));
    }

    @Test
    void holdsNoMoreThanItsBound() {
        var reader = new EventStreamReader(10);
        reader.feed("data: a\n".getBytes(UTF_8), event -> {});
        assertThatExceptionOfType(MalformedStreamException.class)
                .isThrownBy(() -> reader.feed("data: 12345\n".getBytes(UTF_8), event -> {}))
                .withMessageContaining("longer than 10");
        assertThatExceptionOfType(MalformedStreamException.class).isThrownBy(() -> {
            var lines = new EventStreamReader(100);
            for (int i = 0; i < 100; i++) {
                lines.feed("data: 12345\n".getBytes(UTF_8), event -> {});
            }
        });
    }

    @Test
    void asksForMoreWhenWhatCameIsTaken() {
        List<Long> asked = new ArrayList<>();
        Flux<byte[]> body = Flux.range(0, 100)
                .map(i -> ("data: " + i + "\n\n").getBytes(UTF_8))
                .doOnRequest(asked::add);
        StepVerifier.create(new EventStreamReader(100).read(body), 0)
                .thenRequest(3)
                .expectNextCount(3)
                .then(() ->
                        assertThat(asked.stream().mapToLong(more -> more).sum()).isLessThanOrEqualTo(4))
                .thenCancel()
                .verify();
    }

    private static ServerSentEvent message(String data, String lastId) {
        return new ServerSentEvent("message", data, lastId);
    }

    private static List<ServerSentEvent> read(String text, int cut) {
        List<ServerSentEvent> events = new ArrayList<>();
        var reader = new EventStreamReader(1_000);
        byte[] bytes = text.getBytes(UTF_8);
        for (int from = 0; from < bytes.length; from += cut) {
            reader.feed(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + cut)), events::add);
        }
        reader.end(events::add);
        return events;
    }
}
