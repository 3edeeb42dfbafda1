package dev.sluice.gateway.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream.State;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

final class Http2LimitsTest {

    @Test
    void takesNoWindowThatThereIsNot() {
        assertThat(limits(DataSize.ofKilobytes(1), 2_000_000).connectionWindowBytes())
                .isEqualTo(2_048_000_000);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limits(DataSize.ofKilobytes(1), 2_100_000))
                .withMessageContaining("window");
        assertThatIllegalArgumentException().isThrownBy(() -> limits(DataSize.ofBytes(1023), 1));
    }

    @Test
    void looksOftenEnoughForTheShortestTime() {
        Duration second = Duration.ofSeconds(1);
        assertThat(new ClientTimes(second, second, second, second).look()).isEqualTo(Duration.ofMillis(250));
        Duration minute = Duration.ofMinutes(1);
        assertThat(new ClientTimes(minute, minute, minute, minute).look()).isEqualTo(Duration.ofSeconds(2));
        assertThat(new ClientTimes(minute, minute, Duration.ofMillis(1), minute).look())
                .isEqualTo(Duration.ofMillis(50));
    }

    @Test
    void objectsToAStreamByWhatItWaitsFor() {
        Duration second = Duration.ofSeconds(1);
        ClientTimes times = new ClientTimes(second, second, second, second);
        OpenStream stream = new OpenStream();
        long later = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        assertThat(stream.objection(State.OPEN, times, later)).isEqualTo(Http2Error.CANCEL);
        assertThat(stream.objection(State.HALF_CLOSED_REMOTE, times, later)).isNull();
        stream.writing(true);
        assertThat(stream.objection(State.HALF_CLOSED_REMOTE, times, later)).isEqualTo(Http2Error.CANCEL);
    }

    @Test
    void breaksOffWithoutBlameWhatIsAnswered() {
        Duration hour = Duration.ofHours(1);
        ClientTimes times = new ClientTimes(hour, hour, hour, hour);
        OpenStream stream = new OpenStream();
        stream.answered();
        long now = System.nanoTime();
        assertThat(stream.objection(State.HALF_CLOSED_LOCAL, times, now)).isNull();
        assertThat(stream.objection(
                        State.HALF_CLOSED_LOCAL,
                        times,
                        now + Duration.ofSeconds(3).toNanos()))
                .isEqualTo(Http2Error.NO_ERROR);
    }

    private static Http2Limits limits(DataSize window, int streams) {
        return new Http2Limits(streams, 1, window, 1, 1, Duration.ofMinutes(1));
    }
}
