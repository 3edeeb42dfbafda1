package dev.sluice.shared.outbound;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.netty.Connection;

/**
 * The connection of one exchange, so that a cancellation closes it wherever it falls. Between the arrival of the
 * response's head and the subscription to its body the HTTP client passes the connection on without looking whether it
 * is still wanted: cancelled just then, nobody would close it.
 */
final class HeldConnection {

    private static final Disposable CLOSED = Disposables.disposed();

    private final AtomicReference<@Nullable Disposable> held = new AtomicReference<>();

    /** Takes charge of the connection, or closes it when the exchange is over already. */
    void hold(Connection connection) {
        if (!held.compareAndSet(null, connection)) {
            connection.dispose();
        }
    }

    /** Gives it back to the client (and its pool): from here on {@link #close} leaves it alone. */
    void letGo() {
        held.set(CLOSED);
    }

    /** Closes it now or as soon as there is one. */
    void close() {
        Disposable connection = held.getAndSet(CLOSED);
        if (connection != null) {
            connection.dispose();
        }
    }
}
