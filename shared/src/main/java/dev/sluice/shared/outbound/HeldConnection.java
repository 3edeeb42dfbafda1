package dev.sluice.shared.outbound;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.util.AttributeKey;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;

/**
 * The connection of one exchange, so that a cancellation closes it wherever it falls, and only as long as it is the
 * exchange's own. Reactor Netty alone does neither: cancelled between the arrival of the response's head and the
 * subscription to its body, the connection stays open for ever; cancelled from another thread while the last byte
 * arrives, it is closed although it is in its pool, or in another exchange, by then. So cancellations are moved to the
 * connection's event loop, where things happen one after the other. Thread-safe.
 */
public final class HeldConnection {

    private static final AttributeKey<Boolean> ANSWERED = AttributeKey.valueOf(HeldConnection.class, "answered");

    private final AtomicReference<@Nullable Connection> held = new AtomicReference<>();
    private volatile boolean unwanted;

    /** Of an exchange that has no connection yet. */
    public HeldConnection() {}

    /** The exchange has got its connection. */
    public void hold(Connection connection) {
        held.set(connection);
        if (unwanted) {
            closeIfOwn(connection);
        }
    }

    /**
     * Runs something on the connection's event loop; at once while there is no connection, and while its channel belongs to no
     * loop, which has been seen: whoever cancels would get an exception then, and whoever waits nothing at all.
     */
    public void execute(Runnable task) {
        Connection connection = held.get();
        Channel channel = connection == null ? null : connection.channel();
        if (channel == null || !channel.isRegistered()) {
            task.run();
        } else {
            channel.eventLoop().execute(task);
        }
    }

    /** The server has answered this exchange. */
    public void answered() {
        Connection connection = held.get();
        if (connection != null) {
            whole(connection).attr(ANSWERED).set(true);
        }
    }

    /** Whether the server has answered no exchange over this connection, neither this nor an earlier one; also without one. */
    public boolean isUnanswered() {
        Connection connection = held.get();
        return connection == null || whole(connection).attr(ANSWERED).get() == null;
    }

    /** An exchange of HTTP/2 is a channel within that of its connection. */
    private static Channel whole(Connection connection) {
        Channel channel = connection.channel();
        return channel.parent() == null ? channel : channel.parent();
    }

    /** Closes it now or as soon as there is one; changes nothing when the exchange is over. */
    public void close() {
        unwanted = true;
        Connection connection = held.get();
        if (connection != null) {
            closeIfOwn(connection);
        }
    }

    /**
     * Breaks it off, so that the exchange fails: one that is merely closed by us ends without a word to whoever waits for it. To
     * be called on the connection's event loop; changes nothing when the exchange is over.
     */
    public void breakOff() {
        Connection connection = held.get();
        if (connection != null && isOwn(connection)) {
            connection.channel().close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
        }
    }

    /** Whether the server said that it did not process the exchange, which may be repeated then whatever it is. */
    public boolean isUnprocessed() {
        Connection connection = held.get();
        return connection != null && Http2Exchanges.isUnprocessed(connection.channel());
    }

    private static void closeIfOwn(Connection exchange) {
        if (isOwn(exchange)) {
            exchange.dispose();
        }
    }

    /** The channel names its exchange until that is over; one without a loop is closed, or never was open. */
    private static boolean isOwn(Connection exchange) {
        return exchange.channel().isRegistered()
                && Connection.from(exchange.channel()).equals(exchange);
    }
}
