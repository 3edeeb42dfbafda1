package dev.sluice.executor.gathering;

import dev.sluice.shared.postgres.Bytea;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** SQL that writes what sets took, in the transaction of a delivery. */
final class ChangeStore {

    private static final String SETS = """
            insert into workflow.open_set (gathering_id, number, organization_id, fixed, events, bytes, ending)
            select gathering_id, number, organization_id, fixed, events, bytes, ending::int[]
            from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[], $5::int[], $6::bigint[], $7::text[])
                as t(gathering_id, number, organization_id, fixed, events, bytes, ending)
            on conflict (gathering_id, number) do update set fixed = excluded.fixed, events = excluded.events,
                bytes = excluded.bytes, ending = excluded.ending
            """;

    private static final String PLACES = """
            insert into workflow.set_place (gathering_id, number, organization_id, position, key, event_id, depth, value)
            select gathering_id, number, organization_id, position, key, event_id, depth, decode(value, 'base64')
            from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::int[], $5::uuid[], $6::uuid[], $7::int[], $8::text[])
                as t(gathering_id, number, organization_id, position, key, event_id, depth, value)
            on conflict (gathering_id, number, position) do update
                set key = excluded.key, event_id = excluded.event_id, depth = excluded.depth, value = excluded.value
            """;

    private ChangeStore() {}

    /** A set of a workflow. */
    private record Member(Filling sets, OpenSet set) {

        UUID gathering() {
            return sets.gathering().id();
        }

        UUID organization() {
            return set.last().organization().value();
        }

        /** As an array is written. */
        String ending() {
            return set.ending().stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
        }
    }

    /** A place of a set as it is written. */
    private record Place(
            Member member, int position, UUID key, @Nullable Offer offer) {

        static Place of(Member member, OpenSet.Row row) {
            return new Place(member, row.position(), row.key(), row.offer());
        }
    }

    /** Writes the sets that took events, ended or not. */
    static Mono<Void> write(Connection connection, List<? extends Filling> all) {
        List<Member> changed = all.stream()
                .flatMap(sets -> sets.changed().stream().map(set -> new Member(sets, set)))
                .toList();
        List<Place> places = changed.stream()
                .flatMap(member ->
                        member.set().rows(member.sets().links()).stream().map(row -> Place.of(member, row)))
                .toList();
        return executed(sets(connection, changed))
                .then(Mono.defer(() -> executed(places(connection, places))))
                .then();
    }

    private static Statement sets(Connection connection, List<Member> members) {
        return connection
                .createStatement(SETS)
                .bind(0, column(members, Member::gathering, UUID[]::new))
                .bind(1, column(members, member -> member.set().number(), Long[]::new))
                .bind(2, column(members, Member::organization, UUID[]::new))
                .bind(3, column(members, member -> SetStore.text(member.set().fixed()), String[]::new))
                .bind(4, column(members, member -> member.set().events(), Integer[]::new))
                .bind(5, column(members, member -> member.set().bytes(), Long[]::new))
                .bind(6, column(members, Member::ending, String[]::new));
    }

    private static Statement places(Connection connection, List<Place> places) {
        return connection
                .createStatement(PLACES)
                .bind(0, column(places, place -> place.member().gathering(), UUID[]::new))
                .bind(1, column(places, place -> place.member().set().number(), Long[]::new))
                .bind(2, column(places, place -> place.member().organization(), UUID[]::new))
                .bind(3, column(places, place -> place.position, Integer[]::new))
                .bind(4, column(places, place -> place.key, UUID[]::new))
                .bind(5, column(places, place -> place.offer == null ? null : place.offer.eventId(), UUID[]::new))
                .bind(6, column(places, place -> place.offer == null ? null : place.offer.depth(), Integer[]::new))
                .bind(7, column(places, place -> place.offer == null ? null : value(place.offer), String[]::new));
    }

    private static @Nullable String value(Offer offer) {
        return Bytea.element(offer.value().text());
    }

    private static Mono<Long> executed(Statement statement) {
        return Flux.from(statement.execute())
                .concatMap(result -> result.getRowsUpdated())
                .reduce(0L, Long::sum);
    }

    private static <T, V extends @Nullable Object> Object column(
            List<T> rows, Function<T, V> value, IntFunction<V[]> array) {
        return rows.stream().map(value).toArray(array);
    }
}
