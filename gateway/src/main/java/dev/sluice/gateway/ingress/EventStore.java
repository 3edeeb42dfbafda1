package dev.sluice.gateway.ingress;

import dev.sluice.gateway.ingress.NewEvent.DedupeKey;
import dev.sluice.gateway.lookup.Columns;
import dev.sluice.shared.postgres.GroupCommit;
import dev.sluice.shared.redis.EventPublisher;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.Statement;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Appends events and what makes their copies known, both in one statement that is its own transaction. Of copies that
 * come at once, here or on two nodes, the first to reach the index is stored; the others wait for its commit inside the
 * statement and are then told its id.
 */
final class EventStore implements GroupCommit.Flush<NewEvent, Receipt> {

    private static final String APPEND = """
            with incoming as (
                select *, decode(key_hex, 'hex') as key_hash, substring($11::bytea from first for length) as data
                  from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[],
                              $7::bigint[], $8::text[], $9::text[], $10::integer[], $12::integer[])
                    as t (id, organization_id, endpoint_id, source, type, subject, millis, content_type, key_hex,
                          first, length)
            ), claimed as (
                insert into ingress.dedupe (endpoint_id, key_hash, organization_id, event_id, at)
                select endpoint_id, key_hash, organization_id, id, to_timestamp(millis / 1000.0) from incoming
                 where key_hash is not null
                 order by endpoint_id, key_hash
                on conflict (endpoint_id, key_hash) do nothing
                returning event_id
            )
            insert into ingress.event
                (id, organization_id, endpoint_id, source, type, subject, time, content_type, data)
            select id, organization_id, endpoint_id, source, type, subject, to_timestamp(millis / 1000.0),
                   content_type, data
              from incoming where key_hash is null or id in (select event_id from claimed)
            returning id""";

    private static final String ORIGINALS = """
            select d.endpoint_id, d.key_hash, d.event_id
              from ingress.dedupe d
              join unnest($1::uuid[], $2::text[]) as k (endpoint_id, key_hex)
                on k.endpoint_id = d.endpoint_id and decode(k.key_hex, 'hex') = d.key_hash""";

    private static final String STORED = "select id from ingress.event where id = any($1::uuid[])";

    private final ConnectionPool ingest;
    private final EventPublisher publisher;

    /** Gives the ids of what it stored to the publisher, even if the sender has gone meanwhile. */
    EventStore(ConnectionPool ingest, EventPublisher publisher) {
        this.ingest = ingest;
        this.publisher = publisher;
    }

    @Override
    public long bytes(NewEvent event) {
        return event.data().remaining();
    }

    @Override
    public Mono<List<Receipt>> write(List<NewEvent> batch) {
        return onConnection(connection -> append(connection, firstCopies(batch))
                .doOnNext(stored -> publish(batch, stored))
                .flatMap(stored -> receipts(connection, batch, stored).onErrorMap(EventStore::afterCommit)));
    }

    /** The events are stored: whatever the question after them met, the answer is read back and nothing is appended again. */
    private static Throwable afterCommit(Throwable error) {
        return new IllegalStateException("Receipts could not be read after the commit: " + error);
    }

    @Override
    public Mono<List<Optional<Receipt>>> readBack(List<NewEvent> batch) {
        return onConnection(connection -> stored(connection, batch)
                .doOnNext(stored -> publish(batch, stored))
                .flatMap(stored -> originals(connection, batch)
                        .map(originals -> batch.stream()
                                .map(event -> outcome(event, stored, originals))
                                .toList())));
    }

    private void publish(List<NewEvent> batch, Set<UUID> stored) {
        batch.stream()
                .filter(event -> stored.contains(event.id()))
                .forEach(event -> publisher.offer(event.organization(), event.id()));
    }

    private <T> Mono<T> onConnection(Function<Connection, Mono<T>> work) {
        return Mono.usingWhen(ingest.create(), work, Connection::close);
    }

    /** Two rows of one statement must not claim the same key. */
    private static Collection<NewEvent> firstCopies(List<NewEvent> batch) {
        Map<Object, NewEvent> first = LinkedHashMap.newLinkedHashMap(batch.size());
        batch.forEach(event -> first.putIfAbsent(event.duplicate() == null ? event.id() : event.duplicate(), event));
        return first.values();
    }

    private static Mono<Set<UUID>> append(Connection connection, Collection<NewEvent> events) {
        Statement statement = connection
                .createStatement(APPEND)
                .bind("$1", column(events, UUID[]::new, NewEvent::id))
                .bind(
                        "$2",
                        column(
                                events,
                                UUID[]::new,
                                event -> event.organization().value()))
                .bind("$3", column(events, UUID[]::new, NewEvent::endpoint))
                .bind("$4", column(events, String[]::new, NewEvent::source))
                .bind("$5", column(events, String[]::new, NewEvent::type))
                .bind("$6", column(events, String[]::new, NewEvent::subject))
                .bind("$7", column(events, Long[]::new, event -> event.time().toEpochMilli()))
                .bind("$8", column(events, String[]::new, NewEvent::contentType))
                .bind("$9", column(events, String[]::new, EventStore::hash))
                .bind("$10", firstBytes(events))
                .bind("$11", concatenated(events))
                .bind(
                        "$12",
                        column(events, Integer[]::new, event -> event.data().remaining()));
        return ids(statement);
    }

    /** Of most batches every event is new; only copies need a second look, in a snapshot taken after the append. */
    private static Mono<List<Receipt>> receipts(Connection connection, List<NewEvent> batch, Set<UUID> stored) {
        List<NewEvent> copies =
                batch.stream().filter(event -> !stored.contains(event.id())).toList();
        Mono<Map<DedupeKey, UUID>> originals = copies.isEmpty() ? Mono.just(Map.of()) : originals(connection, copies);
        return originals.map(known -> batch.stream()
                .map(event -> outcome(event, stored, known).orElseThrow())
                .toList());
    }

    private static Optional<Receipt> outcome(NewEvent event, Set<UUID> stored, Map<DedupeKey, UUID> originals) {
        if (stored.contains(event.id())) {
            return Optional.of(new Receipt(event.id(), false));
        }
        return Optional.ofNullable(event.duplicate()).map(originals::get).map(original -> new Receipt(original, true));
    }

    private static Mono<Map<DedupeKey, UUID>> originals(Connection connection, List<NewEvent> events) {
        List<DedupeKey> keys = events.stream()
                .map(NewEvent::duplicate)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        Statement statement = connection
                .createStatement(ORIGINALS)
                .bind("$1", column(keys, UUID[]::new, DedupeKey::endpoint))
                .bind("$2", column(keys, String[]::new, key -> hex(key.hash())));
        return Flux.from(statement.execute())
                .concatMap(result -> result.map(
                        (row, metadata) -> Map.entry(key(row), Columns.required(row, "event_id", UUID.class))))
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    private static Mono<Set<UUID>> stored(Connection connection, List<NewEvent> batch) {
        return ids(connection.createStatement(STORED).bind("$1", column(batch, UUID[]::new, NewEvent::id)));
    }

    private static Mono<Set<UUID>> ids(Statement statement) {
        return Flux.from(statement.execute())
                .concatMap(result -> result.map((row, metadata) -> Columns.required(row, "id", UUID.class)))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static DedupeKey key(Row row) {
        return new DedupeKey(
                Columns.required(row, "endpoint_id", UUID.class), Columns.required(row, "key_hash", ByteBuffer.class));
    }

    private static @Nullable String hash(NewEvent event) {
        DedupeKey key = event.duplicate();
        return key == null ? null : hex(key.hash());
    }

    private static String hex(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return HexFormat.of().formatHex(copy);
    }

    /** Bodies travel as one binary value: the driver would send an array of them as hexadecimal text. */
    private static ByteBuffer concatenated(Collection<NewEvent> events) {
        ByteBuffer all = ByteBuffer.allocate(
                events.stream().mapToInt(event -> event.data().remaining()).sum());
        events.forEach(event -> all.put(event.data().duplicate()));
        return all.flip();
    }

    /** Where each body begins in {@link #concatenated}, counted from one as SQL does. */
    private static Integer[] firstBytes(Collection<NewEvent> events) {
        Integer[] first = new Integer[events.size()];
        int next = 1;
        int index = 0;
        for (NewEvent event : events) {
            first[index++] = next;
            next += event.data().remaining();
        }
        return first;
    }

    private static <E, T> @Nullable T[] column(
            Collection<E> rows, IntFunction<@Nullable T[]> array, Function<? super E, ? extends @Nullable T> value) {
        return rows.stream().<@Nullable T>map(value).toArray(array);
    }
}
