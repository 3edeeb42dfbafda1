package dev.sluice.shared.postgres;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import io.r2dbc.postgresql.api.PostgresqlException;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcRollbackException;
import io.r2dbc.spi.R2dbcTimeoutException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.pool.PoolAcquirePendingLimitException;
import reactor.pool.PoolAcquireTimeoutException;
import reactor.pool.PoolShutdownException;

/** Turns the driver's errors into Sluice's, by SQLSTATE (PostgreSQL manual, appendix A). */
public final class PostgresErrors {

    private static final String UNIQUE_VIOLATION = "23505";
    private static final String CHECK_VIOLATION = "23514";
    private static final String FOREIGN_KEY_VIOLATION = "23503";
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    /** What an error says about the statement it ended. */
    enum Kind {
        /** The server refused the rows themselves; nothing was stored, and other rows may well succeed. */
        DATA,
        /** Nothing was stored; the same statement can succeed later. */
        REFUSED,
        /** The connection went away: the statement may have been committed. */
        UNKNOWN,
        /** Nothing was stored, and the statement never will be: a defect. */
        DEFECT
    }

    private PostgresErrors() {}

    /** A {@link SluiceException} with the foreign error as its cause; one stays as it is. */
    public static SluiceException translate(Throwable error) {
        if (error instanceof SluiceException translated) {
            return translated;
        }
        return switch (kind(error)) {
            case REFUSED, UNKNOWN ->
                SluiceException.unavailable(
                        "The database cannot be reached or is busy; try again.", RETRY_AFTER, error);
            case DATA -> data(error);
            case DEFECT -> new SluiceException(ProblemType.INTERNAL_ERROR, "A database operation failed.", error);
        };
    }

    /** Whether a unique constraint or index of the given name refused a row; sees through translated errors. */
    public static boolean isUniqueViolation(Throwable error, String constraint) {
        return find(error, PostgresqlException.class)
                .map(PostgresqlException::getErrorDetails)
                .filter(details -> UNIQUE_VIOLATION.equals(details.getCode()))
                .flatMap(details -> details.getConstraintName())
                .filter(constraint::equals)
                .isPresent();
    }

    /** Whether something still refers to a row that was to go; sees through translated errors. */
    public static boolean isForeignKeyViolation(Throwable error) {
        return hasState(error, FOREIGN_KEY_VIOLATION);
    }

    /** Whether a check of the given name refused a row; sees through translated errors. */
    public static boolean isCheckViolation(Throwable error, String constraint) {
        return hasState(error, CHECK_VIOLATION)
                && find(error, PostgresqlException.class)
                        .flatMap(found -> found.getErrorDetails().getConstraintName())
                        .filter(constraint::equals)
                        .isPresent();
    }

    private static boolean hasState(Throwable error, String state) {
        return find(error, PostgresqlException.class)
                .map(PostgresqlException::getErrorDetails)
                .filter(details -> state.equals(details.getCode()))
                .isPresent();
    }

    static Kind kind(Throwable error) {
        if (error instanceof SluiceException && error.getCause() == null) {
            // Whoever made it knew what happened; it is passed on as it is.
            return Kind.REFUSED;
        }
        String state = find(error, R2dbcException.class)
                .map(R2dbcException::getSqlState)
                .orElse(null);
        if (state != null && state.length() == 5) {
            return kindOfState(state);
        }
        return neverSent(error) ? Kind.REFUSED : Kind.UNKNOWN;
    }

    private static Kind kindOfState(String state) {
        return switch (state) {
            // query cancelled, cannot connect now, lock not available
            case "57014", "57P03", "55P03" -> Kind.REFUSED;
            // insufficient privilege: row-level security refuses a row this way
            case "42501" -> Kind.DATA;
            default -> kindOfClass(state.substring(0, 2));
        };
    }

    private static Kind kindOfClass(String sqlClass) {
        return switch (sqlClass) {
            // data exception, integrity constraint, with check option
            case "22", "23", "44" -> Kind.DATA;
            // authorization, rollback (serialization, deadlock), insufficient resources, read-only transaction
            case "28", "40", "53", "25" -> Kind.REFUSED;
            // connection exception, operator intervention, system error, internal error
            case "08", "57", "58", "XX" -> Kind.UNKNOWN;
            default -> Kind.DEFECT;
        };
    }

    private static boolean neverSent(Throwable error) {
        return find(error, ConnectException.class).isPresent()
                || find(error, UnknownHostException.class).isPresent()
                || find(error, PoolAcquireTimeoutException.class).isPresent()
                || find(error, PoolAcquirePendingLimitException.class).isPresent()
                || find(error, PoolShutdownException.class).isPresent()
                || find(error, R2dbcRollbackException.class).isPresent()
                || find(error, R2dbcTimeoutException.class)
                        .map(Throwable::getMessage)
                        .filter(message -> message.startsWith("Connection acquisition timed out"))
                        .isPresent();
    }

    private static SluiceException data(Throwable error) {
        String state = find(error, R2dbcException.class)
                .map(R2dbcException::getSqlState)
                .orElse("");
        if (state.equals(UNIQUE_VIOLATION)) {
            return new SluiceException(ProblemType.CONFLICT, "Something with the same key exists already.", error);
        }
        if (state.equals(FOREIGN_KEY_VIOLATION)) {
            return new SluiceException(ProblemType.CONFLICT, "Something this refers to does not exist.", error);
        }
        if (state.startsWith("22")) {
            return new SluiceException(ProblemType.INVALID_REQUEST, "A value cannot be stored as it is.", error);
        }
        return new SluiceException(ProblemType.INTERNAL_ERROR, "The database refused a row.", error);
    }

    private static <T> Optional<T> find(Throwable error, Class<T> type) {
        // Chains of causes are short; the bound guards against one that points at itself.
        @Nullable Throwable current = error;
        for (int depth = 0; current != null && depth < 16; depth++) {
            if (type.isInstance(current)) {
                return Optional.of(type.cast(current));
            }
            current = current.getCause();
        }
        return Optional.empty();
    }
}
