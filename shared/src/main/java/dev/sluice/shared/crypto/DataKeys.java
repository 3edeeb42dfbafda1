package dev.sluice.shared.crypto;

import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Result;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The organizations' wrapped data keys in the table {@code data_key} of a service's own schema. Thread-safe. */
public final class DataKeys implements DataKeyStore {

    private static final Pattern SCHEMA = Pattern.compile("[a-z]{1,63}");

    private final TenantTransactions transactions;
    private final String find;
    private final String create;

    /**
     * Keys in a tenant table of {@code sluice_api}.
     *
     * @param schema a constant of the service, since a name cannot be a parameter of a statement
     */
    public DataKeys(TenantTransactions transactions, String schema) {
        if (!SCHEMA.matcher(schema).matches()) {
            throw new IllegalArgumentException("schema: " + schema + " (expected: small letters)");
        }
        this.transactions = transactions;
        this.find = "select master_key_id, wrapped from " + schema + ".data_key where organization_id = $1";
        this.create =
                "insert into " + schema + ".data_key (organization_id, master_key_id, wrapped) values ($1, $2, $3)"
                        + " on conflict (organization_id) do nothing";
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

    private Mono<Void> insert(Connection connection, OrganizationId organization, WrappedKey key) {
        return Flux.from(connection
                        .createStatement(create)
                        .bind(0, organization.value())
                        .bind(1, key.masterKeyId())
                        .bind(2, key.bytes())
                        .execute())
                .concatMap(Result::getRowsUpdated)
                .then();
    }

    private Mono<Optional<WrappedKey>> find(Connection connection, OrganizationId organization) {
        return Flux.from(connection
                        .createStatement(find)
                        .bind(0, organization.value())
                        .execute())
                .concatMap(result -> result.map(DataKeys::key))
                .collectList()
                .map(List::stream)
                .map(keys -> keys.findFirst());
    }

    private static WrappedKey key(Readable row) {
        return new WrappedKey(
                Objects.requireNonNull(row.get("master_key_id", String.class)),
                Objects.requireNonNull(row.get("wrapped", byte[].class)));
    }
}
