package dev.sluice.shared.masking;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.tenancy.PrincipalContext;
import io.r2dbc.spi.Connection;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The rules of organizations, asked for only where somebody may not see everything, and remembered for a while. Where they cannot
 * be read nothing is shown. Thread-safe.
 */
public final class Maskings {

    private static final String FIND = "select document from identity.masking where organization_id = $1";
    private static final int MOST = 10_000;

    private final TenantTransactions transactions;
    private final Cache<OrganizationId, Mono<Masking>> remembered;

    /**
     * On tenant transactions of {@code sluice_api}.
     *
     * @param remembered how long, unless they are to be forgotten before
     */
    public Maskings(TenantTransactions transactions, Duration remembered) {
        this.transactions = transactions;
        this.remembered = Caffeine.newBuilder()
                .expireAfterWrite(remembered)
                .maximumSize(MOST)
                .build();
    }

    /** For whoever makes the request under way. */
    public Mono<Masking> current() {
        return PrincipalContext.current().flatMap(this::of);
    }

    /** What somebody sees data by; everything if they may. */
    public Mono<Masking> of(Principal reader) {
        return reader.masked() ? of(reader.organization()) : Mono.just(Masking.NONE);
    }

    /** The same reader, who is told to see less only where there is something to hide. */
    public Mono<Principal> told(Principal reader) {
        return reader.masked()
                ? of(reader.organization()).map(masking -> reader.masked(masking.hides()))
                : Mono.just(reader);
    }

    /** Others are asked for at once. */
    public void forget(OrganizationId organization) {
        remembered.invalidate(organization);
    }

    /** A failure is not remembered. */
    private Mono<Masking> of(OrganizationId organization) {
        return remembered.get(
                organization,
                key -> transactions
                        .inTenant(key, connection -> find(connection, key))
                        .defaultIfEmpty(Masking.NONE)
                        .doOnError(error -> remembered.invalidate(key))
                        .cache());
    }

    private static Mono<Masking> find(Connection connection, OrganizationId organization) {
        return Flux.from(connection
                        .createStatement(FIND)
                        .bind(0, organization.value())
                        .execute())
                .concatMap(result -> result.map(row -> masking(Objects.requireNonNull(row.get(0, ByteBuffer.class)))))
                .next();
    }

    private static Masking masking(ByteBuffer document) {
        byte[] bytes = new byte[document.remaining()];
        document.get(bytes);
        return Masking.read(Json.read(bytes));
    }
}
