package dev.sluice.gateway.masking;

import dev.sluice.gateway.lookup.Columns;
import dev.sluice.gateway.lookup.Rows;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.masking.Masking;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.nio.ByteBuffer;
import java.time.Instant;
import reactor.core.publisher.Mono;

/** The SQL of {@code identity.masking}; those who show data read it by {@link dev.sluice.shared.masking.Maskings}. */
final class MaskingStore {

    private static final String FIND = "select document from identity.masking where organization_id = $1";

    /** Not the row itself, which the first who says something does not find. */
    private static final String LOCK = "select id from identity.organization where id = $1 for no key update";

    private static final String PUT = """
            insert into identity.masking (organization_id, document, changed_by, changed_at) values ($1, $2, $3, $4)
            on conflict (organization_id) do update
               set document = excluded.document, changed_by = excluded.changed_by, changed_at = excluded.changed_at""";

    Mono<Masking> find(Connection connection, OrganizationId organization) {
        return Rows.all(connection.createStatement(FIND).bind(0, organization.value()), MaskingStore::masking)
                .next()
                .defaultIfEmpty(Masking.NONE);
    }

    /** Nobody else changes it until the transaction ends, nor makes the first one. */
    Mono<Masking> findToChange(Connection connection, OrganizationId organization) {
        return Rows.all(connection.createStatement(LOCK).bind(0, organization.value()), row -> true)
                .then(Mono.defer(() -> find(connection, organization)));
    }

    Mono<Void> put(Connection connection, OrganizationId organization, Masking masking, String by, Instant at) {
        return Rows.written(connection
                        .createStatement(PUT)
                        .bind(0, organization.value())
                        .bind(1, ByteBuffer.wrap(Json.bytes(masking.write())))
                        .bind(2, by)
                        .bind(3, at))
                .then();
    }

    private static Masking masking(Row row) {
        ByteBuffer document = Columns.required(row, "document", ByteBuffer.class);
        byte[] bytes = new byte[document.remaining()];
        document.get(bytes);
        return Masking.read(Json.read(bytes));
    }
}
