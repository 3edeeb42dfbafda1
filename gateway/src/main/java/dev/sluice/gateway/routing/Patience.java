package dev.sluice.gateway.routing;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How long one exchange waits for its other side to say something. One timer does however much is said: when it runs out it
 * looks how long ago that was. {@link #start} and {@link #stop} belong to the event loop of the connection.
 */
final class Patience {

    private final Runnable over;
    private final BooleanSupplier excused;
    private volatile long heardNanos;
    private long limitNanos;
    private @Nullable Future<?> timer;
    private boolean lost;

    /**
     * Nobody waits yet.
     *
     * @param over    done when it was waited too long, once
     * @param excused whether the silence is not the other side's doing
     */
    Patience(Runnable over, BooleanSupplier excused) {
        this.over = over;
        this.excused = excused;
    }

    /** From now on so long, counted from what was heard last. */
    void start(EventLoop loop, Duration limit) {
        heard();
        if (timer == null || limitNanos != limit.toNanos()) {
            stop();
            limitNanos = limit.toNanos();
            look(loop, limitNanos);
        }
    }

    /** Something was said, or is said to the other side; from any thread. */
    void heard() {
        heardNanos = System.nanoTime();
    }

    /** It is waited no more. */
    void stop() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    /** Whether it was waited too long. */
    boolean isLost() {
        return lost;
    }

    private void look(EventLoop loop, long inNanos) {
        timer = loop.schedule(() -> due(loop), inNanos, TimeUnit.NANOSECONDS);
    }

    private void due(EventLoop loop) {
        long left = limitNanos - (System.nanoTime() - heardNanos);
        if (left > 0) {
            look(loop, left);
        } else if (excused.getAsBoolean()) {
            look(loop, limitNanos);
        } else {
            timer = null;
            lost = true;
            over.run();
        }
    }
}
