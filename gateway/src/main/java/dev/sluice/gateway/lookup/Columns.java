package dev.sluice.gateway.lookup;

import io.r2dbc.spi.Row;
import java.util.Objects;

/** Reads columns that the schema declares not null. */
public final class Columns {

    private Columns() {}

    /** The value of a column; its absence is a defect of the statement. */
    public static <T> T required(Row row, String name, Class<T> type) {
        return Objects.requireNonNull(row.get(name, type), name);
    }
}
