package dev.sluice.gateway.audit;

import dev.sluice.gateway.lookup.Columns;
import dev.sluice.shared.background.Recurring;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.Transactions;
import dev.sluice.shared.redis.ChangeStream;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells of each change that the audit log has, as a CloudEvent on {@link ChangeStream}: within {@link #PERIOD} and a query, in the
 * order of each organization, at least once (an id comes again when Redis answered too late). What cannot be told stays in the
 * outbox. One node does so at a time, whichever comes first.
 */
public final class DomainEvents implements Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(DomainEvents.class);

    /** Between two looks while there is little. */
    static final Duration PERIOD = Duration.ofMillis(500);

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int AT_ONCE = 500;

    private static final String TAKE = """
            select organization_id, number, at, actor, action, subject, detail from audit.take_changes($1)""";

    /** What executors changed is recorded with its route. */
    private static final Pattern ROUTE = Pattern.compile("[A-Z]+ .*");

    private final Transactions transactions;
    private final ChangeStream stream;
    private final Disposable telling;

    /** Begins to tell, from the outbox that {@code sluice_api} may take from. */
    public DomainEvents(ConnectionPool api, ChangeStream stream) {
        this(api, stream, Schedulers.parallel());
    }

    DomainEvents(ConnectionPool api, ChangeStream stream, Scheduler scheduler) {
        this.transactions = new Transactions(api);
        this.stream = stream;
        this.telling = Recurring.every(PERIOD, scheduler)
                .within(LIMIT)
                .startGreedily(this::tell, error -> LOG.debug("Changes could not be told: {}", error.toString()));
    }

    @Override
    public void dispose() {
        telling.dispose();
    }

    /** Whether there may be more. */
    private Mono<Boolean> tell() {
        return transactions.one(connection -> take(connection)
                .flatMap(taken -> taken.isEmpty()
                        ? Mono.just(false)
                        : stream.append(taken).thenReturn(taken.size() == AT_ONCE)));
    }

    private static Mono<List<ChangeStream.Entry>> take(Connection connection) {
        return Flux.from(connection.createStatement(TAKE).bind(0, AT_ONCE).execute())
                .concatMap(result -> result.map((row, metadata) -> entry(row)))
                .collectList();
    }

    private static ChangeStream.Entry entry(Row row) {
        String organization =
                Columns.required(row, "organization_id", UUID.class).toString();
        String action = Columns.required(row, "action", String.class);
        ByteBuffer detail = Columns.required(row, "detail", ByteBuffer.class);
        byte[] bytes = new byte[detail.remaining()];
        detail.get(bytes);
        ObjectNode event = Json.object();
        event.put("specversion", "1.0");
        event.put("id", organization + "/" + Columns.required(row, "number", Long.class));
        event.put("source", "urn:sluice:organization:" + organization);
        event.put("type", ROUTE.matcher(action).matches() ? "dev.sluice.request" : "dev.sluice." + action);
        event.put("subject", Columns.required(row, "subject", String.class));
        event.put("time", Columns.required(row, "at", Instant.class).toString());
        event.put("datacontenttype", "application/json");
        ObjectNode data = event.putObject("data");
        data.put("actor", Columns.required(row, "actor", String.class));
        data.put("action", action);
        data.set("detail", Json.read(bytes));
        return new ChangeStream.Entry(organization, Json.text(event));
    }
}
