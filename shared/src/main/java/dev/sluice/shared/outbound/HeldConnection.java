package dev.sluice.shared.outbound;

import io.netty.channel.Channel;
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
final class HeldConnection {

    private final AtomicReference<@Nullable Connection> held = new AtomicReference<>();
    private volatile boolean unwanted;

    /** The exchange has got its connection. */
    void hold(Connection connection) {
        held.set(connection);
        if (unwanted) {
            closeIfOwn(connection);
        }
    }

    /**
     * Runs something on the connection's event loop; at once while there is no connection, and while its channel belongs to no
     * loop, which has been seen: whoever cancels would get an exception then, and whoever waits nothing at all.
     */
    void execute(Runnable task) {
        Connection connection = held.get();
        Channel channel = connection == null ? null : connection.channel();
        if (channel == null || !channel.isRegistered()) {
            task.run();
        } else {
            channel.eventLoop().execute(task);
        }
    }

    /** Closes it now or as soon as there is one; changes nothing when the exchange is over. */
    void close() {
        unwanted = true;
        Connection connection = held.get();
        if (connection != null) {
            closeIfOwn(connection);
        }
    }

    /** The channel names its exchange until that is over; one without a loop is closed, or never was open. */
    private static void closeIfOwn(Connection exchange) {
        if (exchange.channel().isRegistered()
                && Connection.from(exchange.channel()).equals(exchange)) {
            exchange.dispose();
        }
    }
}
