package dev.sluice.gateway.http2;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request on an HTTP/2 connection, and how its client gets on with it. Belongs to the connection's event loop.
 *
 * <pre>
 *   begun ──▶ body complete ──▶ answered ──▶ closed
 *     │  └────────────────────▲ before the body has all come: it is dropped for a moment, then broken off without blame
 *     └ twice body time: cancelled          └ nothing of the answer is taken for the time to read: cancelled
 * </pre>
 */
final class OpenStream implements ChannelFutureListener {

    /** As on HTTP/1.1. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final long begunNanos = System.nanoTime();
    private int unwritten;
    private long writtenNanos;
    private boolean answered;

    OpenStream() {}

    /** A frame of the answer waits for its client; its future is listened to by this. */
    void writing(boolean last) {
        if (unwritten == 0) {
            writtenNanos = System.nanoTime();
        }
        unwritten++;
        answered |= last;
    }

    /** The answer has no body. */
    void answered() {
        answered = true;
        writtenNanos = System.nanoTime();
    }

    /** It waits no more. */
    @Override
    public void operationComplete(ChannelFuture written) {
        unwritten--;
        writtenNanos = System.nanoTime();
    }

    /** With what to break it off; null while its client is not too slow. */
    @Nullable
    Http2Error objection(Http2Stream.State state, ClientTimes times, long nanos) {
        if (unwritten > 0 && nanos - writtenNanos > times.read().toNanos()) {
            return Http2Error.CANCEL;
        }
        if (state != Http2Stream.State.OPEN && state != Http2Stream.State.HALF_CLOSED_LOCAL) {
            return null;
        }
        if (answered && unwritten == 0 && nanos - writtenNanos > LINGER_NANOS) {
            // RFC 9113, section 8.1.
            return Http2Error.NO_ERROR;
        }
        // After once that time it was answered with 408.
        return !answered && nanos - begunNanos > 2 * times.body().toNanos() ? Http2Error.CANCEL : null;
    }
}
