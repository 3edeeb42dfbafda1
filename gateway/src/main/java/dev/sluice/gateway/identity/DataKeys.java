package dev.sluice.gateway.identity;

import dev.sluice.gateway.lookup.Columns;
import dev.sluice.shared.crypto.DataKeyStore;
import dev.sluice.shared.crypto.WrappedKey;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Row;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The organizations' wrapped data keys in {@code identity.data_key}. Thread-safe. */
public final class DataKeys implements DataKeyStore {

    private static final String FIND =
            "select master_key_id, wrapped from identity.data_key where organization_id = $1";

    private static final String CREATE = """
            insert into identity.data_key (organization_id, master_key_id, wrapped) values ($1, $2, $3)
            on conflict (organization_id) do nothing""";

    private final TenantTransactions transactions;

    /** Keys in the tenant tables of {@code sluice_api}. */
    public DataKeys(TenantTransactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public Mono<Optional<WrappedKey>> find(OrganizationId organization) {
        return transactions.inTenant(organization, connection -> find(connection, organization));
    }

    /** Reads after the insert, in a snapshot of its own, so that all who race get the one that won. */
    @Override
    public Mono<WrappedKey> createIfAbsent(OrganizationId organization, WrappedKey key) {
        return transactions.inTenant(
                organization,
                connection -> insert(connection, organization, key)
                        .then(find(connection, organization))
                        .map(Optional::orElseThrow));
    }

    private static Mono<Void> insert(Connection connection, OrganizationId organization, WrappedKey key) {
        return Flux.from(connection
                        .createStatement(CREATE)
                        .bind("$1", organization.value())
                        .bind("$2", key.masterKeyId())
                        .bind("$3", ByteBuffer.wrap(key.bytes()))
                        .execute())
                .concatMap(Result::getRowsUpdated)
                .then();
    }

    private static Mono<Optional<WrappedKey>> find(Connection connection, OrganizationId organization) {
        return Flux.from(connection
                        .createStatement(FIND)
                        .bind("$1", organization.value())
                        .execute())
                .concatMap(result -> result.map((row, metadata) -> key(row)))
                .collectList()
                .map(List::stream)
                .map(keys -> keys.findFirst());
    }

    private static WrappedKey key(Row row) {
        ByteBuffer wrapped = Columns.required(row, "wrapped", ByteBuffer.class);
        byte[] bytes = new byte[wrapped.remaining()];
        wrapped.get(bytes);
        return new WrappedKey(Columns.required(row, "master_key_id", String.class), bytes);
    }
}
