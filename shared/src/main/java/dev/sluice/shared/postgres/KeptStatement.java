package dev.sluice.shared.postgres;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;
import io.r2dbc.spi.Wrapped;
import java.util.Objects;

/**
 * A statement that each connection keeps between its executions. The driver takes the text of a statement apart whenever one
 * is made, also when the server has it prepared; for the long ones that are executed hundreds of times a second that was a
 * fourteenth of an executor's time.
 *
 * <p>All parameters have to be bound before each execution, and one execution at a time has a connection, as anywhere.
 * Thread-safe. What a connection that is gone has kept goes with it.
 */
public final class KeptStatement {

    private final String sql;

    /** Weak on both sides: a statement refers to its connection. */
    private final Cache<Connection, Statement> kept =
            Caffeine.newBuilder().weakKeys().weakValues().build();

    /** A statement with parameters. */
    public KeptStatement(String sql) {
        this.sql = sql;
    }

    /** The statement of a connection, of a pool or not; bind all its parameters. */
    public Statement on(Connection connection) {
        Connection own = unwrapped(connection);
        return Objects.requireNonNull(kept.get(own, owner -> owner.createStatement(sql)));
    }

    private static Connection unwrapped(Connection connection) {
        Connection inner = connection;
        while (inner instanceof Wrapped<?> wrapped && wrapped.unwrap() instanceof Connection next) {
            inner = next;
        }
        return inner;
    }
}
