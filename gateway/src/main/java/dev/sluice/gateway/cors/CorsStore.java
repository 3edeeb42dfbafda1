package dev.sluice.gateway.cors;

import dev.sluice.gateway.lookup.Rows;
import dev.sluice.gateway.request.Fields;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The SQL of {@code identity.cors}. */
final class CorsStore {

    private static final String FIND = """
            select c.document from identity.organization o left join identity.cors c on c.organization_id = o.id
             where o.id = $1""";

    private static final String PUT = """
            insert into identity.cors (organization_id, document, changed_by, changed_at) values ($1, $2, $3, $4)
            on conflict (organization_id) do update
               set document = excluded.document, changed_by = excluded.changed_by, changed_at = excluded.changed_at""";

    private static final String DELETE = "delete from identity.cors where organization_id = $1";

    /** One that allows nothing where none was made; empty for an organization that is not there. */
    Mono<Optional<CorsPolicy>> find(Connection connection, OrganizationId organization) {
        return Rows.first(
                connection.createStatement(FIND).bind(0, organization.value()), row -> policy(organization, row));
    }

    Mono<Void> put(Connection connection, CorsPolicy policy, String by, Instant at) {
        return Rows.written(connection
                        .createStatement(PUT)
                        .bind(0, policy.organization().value())
                        .bind(1, ByteBuffer.wrap(Json.bytes(CorsJson.write(policy))))
                        .bind(2, by)
                        .bind(3, at))
                .then();
    }

    Mono<Void> delete(Connection connection, OrganizationId organization) {
        return Rows.written(connection.createStatement(DELETE).bind(0, organization.value()))
                .then();
    }

    private static CorsPolicy policy(OrganizationId organization, Row row) {
        @Nullable ByteBuffer document = row.get("document", ByteBuffer.class);
        if (document == null) {
            return CorsPolicy.none(organization);
        }
        byte[] bytes = new byte[document.remaining()];
        document.get(bytes);
        Fields fields = new Fields(Json.read(bytes));
        CorsPolicy policy = CorsJson.read(organization, fields);
        fields.finish();
        return policy;
    }
}
