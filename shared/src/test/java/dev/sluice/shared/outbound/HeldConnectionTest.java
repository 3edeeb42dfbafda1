package dev.sluice.shared.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.netty.Connection;

final class HeldConnectionTest {

    private final HeldConnection held = new HeldConnection();
    private final AtomicInteger ran = new AtomicInteger();

    @Test
    void runsATaskAtOnceWhileThereIsNoConnection() {
        held.execute(ran::incrementAndGet);
        assertThat(ran).hasValue(1);
    }

    /** A cancellation that throws is lost, and whoever waits for it waits for ever. */
    @Test
    void runsATaskAtOnceWhenTheChannelHasNoEventLoop() {
        NioSocketChannel never = new NioSocketChannel();
        held.hold(Connection.from(never));
        held.execute(ran::incrementAndGet);
        held.close();
        assertThat(ran).hasValue(1);
        never.unsafe().closeForcibly();
    }
}
