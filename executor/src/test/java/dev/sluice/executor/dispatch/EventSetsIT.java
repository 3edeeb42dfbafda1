package dev.sluice.executor.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.executor.event.ArrivedEvent;
import dev.sluice.executor.gathering.Gathered;
import dev.sluice.executor.gathering.SupersededException;
import dev.sluice.executor.gathering.Waiting;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

class EventSetsIT {

    private static final Duration PATIENCE = SetDatabase.PATIENCE;

    private final long seed = Long.getLong("sluice.seed", System.nanoTime());
    private final Deliveries deliveries = new Deliveries(new Random(seed));
    private final SetDatabase orders = new SetDatabase(SetDatabase.ORDERS);
    private final AcceptanceStore node = orders.node();

    @AfterEach
    void close() {
        orders.close();
    }

    @Test
    void startsOneRunWithTheEventsInTheOrderOfTheFilters() {
        ArrivedEvent lorry = orders.event("lorry", 0);
        ArrivedEvent packed = orders.event("packed", 7);
        ArrivedEvent other = orders.event("paid", 8);
        ArrivedEvent paid = orders.event("paid", 7);
        for (ArrivedEvent event : List.of(lorry, packed, other)) {
            assertThat(accept(node, event)).isEqualTo(Gathered.NOTHING);
        }
        assertThat(orders.waiting(packed)).containsExactly(new Waiting(orders.definition, 2, 3));

        assertThat(accept(node, paid)).isEqualTo(new Gathered(1, 0));

        assertThat(orders.value("select convert_from(input, 'UTF8') from workflow.run"))
                .isEqualTo(
                        "[{\"order\":7,\"event\":\"%s\"},{\"order\":7,\"event\":\"%s\"},{\"order\":0,\"event\":\"%s\"}]"
                                .formatted(paid.id(), packed.id(), lorry.id()));
        assertThat(orders.value("select event_ids from workflow.run"))
                .isEqualTo("{%s,%s,%s}".formatted(paid.id(), packed.id(), lorry.id()));
        assertThat(orders.value("select event_id from workflow.run"))
                .isEqualTo(paid.id().toString());
        assertThat(orders.value("select count(*) from workflow.inbox i join workflow.run r on i.run_ids = array[r.id]"))
                .isEqualTo("3");
        assertThat(orders.value("select open from workflow.gathering")).isEqualTo("1");
        assertThat(orders.waiting(packed)).isEmpty();
        assertThat(orders.waiting(other)).containsExactly(new Waiting(orders.definition, 1, 3));
    }

    @Test
    void changesNothingWhenAnEventComesAgain() {
        ArrivedEvent paid = orders.event("paid", 7);
        for (int i = 0; i < 3; i++) {
            accept(node, paid);
        }
        assertThat(orders.rows("open_set")).isEqualTo("1");
        accept(node, orders.event("packed", 7));
        accept(node, orders.event("lorry", 7));

        assertThat(accept(node, paid)).isEqualTo(Gathered.NOTHING);

        assertThat(orders.rows("open_set")).isEqualTo("0");
        assertThat(orders.rows("set_place")).isEqualTo("0");
        assertThat(orders.rows("run")).isEqualTo("1");
    }

    /** Each event is brought by two nodes, and by one of them twice, in another order and in other batches. */
    @Test
    void startsARunForEachSetWhoeverBringsWhichEventWhen() {
        int count = 60;
        List<ArrivedEvent> events = new ArrayList<>();
        for (int order = 0; order < count; order++) {
            events.add(orders.event("paid", order));
            events.add(orders.event("packed", order));
            events.add(orders.event("lorry", order));
        }

        deliveries.bring(orders, events);

        String is = "seed " + seed;
        assertThat(orders.rows("run")).as(is).isEqualTo(Integer.toString(count));
        assertThat(orders.rows("open_set")).as(is).isEqualTo("0");
        assertThat(orders.rows("set_place")).as(is).isEqualTo("0");
        assertThat(orders.value("select open from workflow.gathering")).as(is).isEqualTo("0");
        assertThat(orders.value("select count(distinct e) from workflow.run, unnest(event_ids) e"))
                .as(is)
                .isEqualTo(Integer.toString(3 * count));
        assertThat(
                        orders.value(
                                "select count(*) from workflow.run where"
                                        + " convert_from(input, 'UTF8')::json -> 0 ->> 'order' = convert_from(input, 'UTF8')::json -> 1 ->> 'order'"))
                .as(is)
                .isEqualTo(Integer.toString(count));
        assertThat(orders.value("select count(*) from workflow.inbox where cardinality(run_ids) = 1"))
                .as(is)
                .isEqualTo(Integer.toString(3 * count));
    }

    @Test
    void startsOneRunWhenTheLastTwoEventsComeToTwoNodesAtOnce() {
        for (int order = 0; order < 30; order++) {
            accept(node, orders.event("lorry", order));
            List<Acceptance> last = List.of(
                    orders.acceptance(orders.event("paid", order)), orders.acceptance(orders.event("packed", order)));

            List<AcceptanceStore.Outcome> outcomes = Objects.requireNonNull(Flux.fromIterable(last)
                    .flatMap(part -> orders.node().accept(part).subscribeOn(Schedulers.parallel()), 2)
                    .collectList()
                    .block(PATIENCE));

            assertThat(outcomes)
                    .extracting(outcome -> outcome.gathered().runs())
                    .containsExactlyInAnyOrder(0, 1);
            assertThat(orders.rows("run")).isEqualTo(Integer.toString(order + 1));
        }
    }

    /** Whatever it is that the transaction cannot do, it has done nothing, and the same again does all. */
    @Test
    void losesNothingWhereverItBreaks() {
        int order = 0;
        for (String statement : List.of(
                "insert on workflow.inbox",
                "update on workflow.inbox",
                "insert on workflow.open_set",
                "delete on workflow.open_set",
                "insert on workflow.set_place",
                "delete on workflow.set_place",
                "insert on workflow.run",
                "update on workflow.gathering")) {
            order++;
            accept(node, orders.event("lorry", order));
            accept(node, orders.event("packed", order));
            orders.losesNothing(orders.acceptance(orders.event("paid", order)), statement);
        }
        assertThat(orders.rows("run")).isEqualTo(Integer.toString(order));
        assertThat(orders.rows("set_place")).isEqualTo("0");
    }

    @Test
    void beginsAnewWithANewActivation() {
        accept(node, orders.event("paid", 1));
        accept(node, orders.event("packed", 1));
        orders.activate();

        assertThat(accept(node, orders.event("lorry", 1))).isEqualTo(Gathered.NOTHING);

        assertThat(orders.rows("run")).isEqualTo("0");
        assertThat(orders.rows("open_set")).isEqualTo("2");
        assertThat(orders.sweep()).isEqualTo(1L);
        assertThat(orders.rows("open_set")).isEqualTo("1");
        assertThat(orders.rows("set_place")).isEqualTo("3");
        assertThat(orders.sweep()).isEqualTo(0L);
        assertThat(orders.rows("gathering")).isEqualTo("1");
    }

    /** Its events are matched again, with the version that is active now. */
    @Test
    void takesNothingForAVersionThatIsNotActiveAnyMore() {
        Acceptance part = orders.acceptance(orders.event("paid", 1));
        orders.database.sql("update workflow.gathering set ended = true");

        assertThatThrownBy(() -> node.accept(part).block(PATIENCE)).isInstanceOf(SupersededException.class);

        assertThat(orders.rows("inbox")).isEqualTo("0");
    }

    /** It was given up after it had been handed over: its executor ended before it could say so. */
    @Test
    void doesNotTakeAnEventAgainThatWasGivenUpAndRevived() {
        UUID id = orders.database.event(orders.organization, "paid", "{}");
        ArrivedEvent stored = new ArrivedEvent(
                orders.organization,
                id,
                "paid",
                "urn:test",
                0,
                orders.event("paid", 1).envelope());
        accept(node, stored);
        orders.database.sql("insert into workflow.dead_event values ('" + id + "', '" + orders.organization
                + "', 10, 'why', now())");

        assertThat(new DeadEventStore(orders.database.engine())
                        .revive(orders.organization, id)
                        .block(PATIENCE))
                .isEqualTo(id);

        assertThat(accept(node, stored)).isEqualTo(Gathered.NOTHING);
        assertThat(orders.value("select count(*) from workflow.set_place where event_id is not null"))
                .isEqualTo("1");
    }

    @Test
    void takesOnlyEventsWithWhatTheFilterExpects() {
        try (SetDatabase expecting = new SetDatabase("""
                document: { dsl: '1.0.3', namespace: n, name: orders, version: '1.0.0' }
                schedule:
                  on:
                    all:
                      - with: { type: paid }
                        correlate: { order: { from: .data.order, expect: '7' } }
                      - with: { type: packed }
                do: []
                """)) {
            AcceptanceStore store = expecting.node();
            ArrivedEvent other = expecting.event("paid", 8);
            ArrivedEvent wanted = expecting.event("paid", 7);

            for (ArrivedEvent event : List.of(other, wanted)) {
                assertThat(store.accept(expecting.acceptance(event)).block(PATIENCE))
                        .isNotNull();
            }

            assertThat(expecting.value("select string_agg(event_id::text, ' ') from workflow.set_place"))
                    .isEqualTo(wanted.id().toString());
        }
    }

    @Test
    void tellsAnotherOrganizationNothingOfAnEventThatWaits() {
        ArrivedEvent event = orders.event("paid", 1);
        accept(node, event);

        assertThat(orders.waiting(event)).hasSize(1);
        assertThat(orders.gatherings(1)
                        .waiting(new OrganizationId(UUID.randomUUID()), event.id())
                        .collectList()
                        .block(PATIENCE))
                .isEmpty();
    }

    @Test
    void keepsOrganizationsApart() {
        assertThat(orders.value(
                        "select count(*) from pg_policies where schemaname = 'workflow' and policyname = 'tenant'"
                                + " and tablename in ('gathering', 'open_set', 'set_place')"))
                .isEqualTo("3");
        assertThat(orders.value("select count(*) from pg_class where relrowsecurity and relname in"
                        + " ('gathering', 'open_set', 'set_place')"))
                .isEqualTo("3");
    }

    @CanIgnoreReturnValue
    private Gathered accept(AcceptanceStore by, ArrivedEvent... events) {
        return orders.accept(by, events);
    }
}
