package dev.sluice.executor.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.executor.event.ArrivedEvent;
import dev.sluice.executor.gathering.Gathered;
import dev.sluice.executor.gathering.SupersededException;
import dev.sluice.executor.gathering.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Sets that take events until something ends them. */
class GrowingSetsIT {

    private static final Duration PATIENCE = SetDatabase.PATIENCE;

    private final long seed = Long.getLong("sluice.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Deliveries deliveries = new Deliveries(random);
    private final SetDatabase closed = new SetDatabase(SetDatabase.CLOSED);
    private final SetDatabase triples = new SetDatabase(SetDatabase.TRIPLES);
    private final AcceptanceStore node = closed.node();

    @AfterEach
    void close() {
        triples.close();
        closed.close();
    }

    @Test
    void startsOneRunWithTheEventsInTheOrderInWhichTheyCame() {
        ArrivedEvent second = closed.event("item", 7);
        ArrivedEvent first = closed.event("item", 7);
        ArrivedEvent other = closed.event("item", 8);
        ArrivedEvent end = closed.event("closed", 7);
        for (ArrivedEvent event : List.of(first, second, other)) {
            assertThat(accept(event)).isEqualTo(Gathered.NOTHING);
        }
        assertThat(closed.waiting(first)).containsExactly(new Waiting(closed.definition, 2, null));

        assertThat(accept(end)).isEqualTo(new Gathered(1, 0));

        assertThat(closed.value("select convert_from(input, 'UTF8') from workflow.run"))
                .isEqualTo("[{\"order\":7,\"event\":\"%s\"},{\"order\":7,\"event\":\"%s\"}]"
                        .formatted(first.id(), second.id()));
        assertThat(closed.value("select event_id || ' ' || event_ids::text from workflow.run"))
                .isEqualTo("%s {%s,%s}".formatted(end.id(), first.id(), second.id()));
        assertThat(closed.value("select count(*) from workflow.inbox i join workflow.run r on i.run_ids = array[r.id]"))
                .isEqualTo("3");
        assertThat(closed.waiting(first)).isEmpty();
        assertThat(closed.waiting(other)).containsExactly(new Waiting(closed.definition, 1, null));
        assertThat(accept(end)).isEqualTo(Gathered.NOTHING);
        assertThat(accept(closed.event("closed", 7))).isEqualTo(Gathered.NOTHING);
        assertThat(closed.rows("run")).isEqualTo("1");
    }

    @Test
    void beginsTheNextSetEmpty() {
        for (int turn = 1; turn <= 2; turn++) {
            ArrivedEvent item = closed.event("item", 7);
            accept(item);
            assertThat(accept(closed.event("closed", 7))).isEqualTo(new Gathered(1, 0));
            assertThat(closed.value(
                            "select count(*) from workflow.run where event_ids = array['" + item.id() + "'::uuid]"))
                    .isEqualTo("1");
        }
        assertThat(closed.value("select opened || ' ' || open from workflow.gathering"))
                .isEqualTo("2 0");
    }

    @Test
    void changesNothingWhenAnEventComesAgain() {
        ArrivedEvent item = closed.event("item", 7);
        for (int i = 0; i < 3; i++) {
            accept(item);
        }
        assertThat(closed.value("select events from workflow.open_set")).isEqualTo("1");
        accept(closed.event("closed", 7));

        assertThat(accept(item)).isEqualTo(Gathered.NOTHING);

        assertThat(closed.rows("open_set")).isEqualTo("0");
        assertThat(closed.rows("set_place")).isEqualTo("0");
        assertThat(closed.rows("run")).isEqualTo("1");
    }

    /** What gathered before is read again, with each batch. */
    @Test
    void evaluatesItsConditionOverAllThatHasGathered() {
        AcceptanceStore hand = triples.node();
        triples.accept(hand, triples.event("item", 1), triples.event("item", 2));
        triples.accept(hand, triples.event("item", 2), triples.event("item", 1));

        Gathered gathered = triples.accept(
                hand,
                triples.event("item", 2),
                triples.event("item", 2),
                triples.event("item", 2),
                triples.event("item", 2));

        assertThat(gathered).isEqualTo(new Gathered(2, 0));
        assertThat(triples.value("select string_agg(events::text, ' ' order by number) from workflow.open_set"))
                .isEqualTo("2");
        assertThat(triples.value("select count(*) from workflow.run where cardinality(event_ids) = 3"))
                .isEqualTo("2");
        assertThat(triples.value("select count(*) from workflow.run where event_id = event_ids[3]"))
                .isEqualTo("2");
    }

    /** Each event is brought by three nodes, and by one of them twice, in another order and in other batches. */
    @Test
    void startsARunForEachSetWhoeverBringsWhichEventWhen() {
        int orders = 40;
        List<ArrivedEvent> events = new ArrayList<>();
        for (int i = 0; i < 6 * orders; i++) {
            events.add(triples.event("item", i % orders));
        }

        deliveries.bring(triples, events);

        String is = "seed " + seed;
        assertThat(triples.rows("run")).as(is).isEqualTo(Integer.toString(2 * orders));
        assertThat(triples.rows("open_set")).as(is).isEqualTo("0");
        assertThat(triples.rows("set_place")).as(is).isEqualTo("0");
        assertThat(triples.value("select open from workflow.gathering")).as(is).isEqualTo("0");
        assertThat(triples.value("select count(distinct e) from workflow.run, unnest(event_ids) e"))
                .as(is)
                .isEqualTo(Integer.toString(6 * orders));
        assertThat(triples.value("select count(*) from workflow.inbox where cardinality(run_ids) = 1"))
                .as(is)
                .isEqualTo(Integer.toString(6 * orders));
    }

    /** Which events are before the one that ends is chance; none is in two sets, and none in no set. */
    @Test
    void putsEachEventIntoOneSetWhileOthersEndThem() {
        int orders = 8;
        List<ArrivedEvent> events = new ArrayList<>();
        for (int i = 0; i < 25 * orders; i++) {
            events.add(closed.event(i % 5 == 4 ? "closed" : "item", random.nextInt(orders)));
        }

        deliveries.bring(closed, events);
        for (int order = 0; order < orders; order++) {
            accept(closed.event("closed", order));
        }

        String is = "seed " + seed;
        int items = 20 * orders;
        assertThat(closed.rows("set_place")).as(is).isEqualTo("0");
        assertThat(closed.value("select count(*) || ' ' || count(distinct e) from workflow.run, unnest(event_ids) e"))
                .as(is)
                .isEqualTo("%d %d".formatted(items, items));
        assertThat(closed.value("select count(*) from workflow.run where (select count(distinct v ->> 'order')"
                        + " from json_array_elements(convert_from(input, 'UTF8')::json) v) > 1"))
                .as(is)
                .isEqualTo("0");
    }

    /** What ends it has come in two deliveries, before and after the customer of the order was known. */
    @Test
    void endsWithAnEventForEachFilterByWhatTheSetKnowsByThen() {
        try (SetDatabase both = new SetDatabase("""
                document: { dsl: '1.0.3', namespace: n, name: orders, version: '1.0.0' }
                schedule:
                  on:
                    any: [ { with: { type: item }, correlate: { order: { from: .data.order } } } ]
                    until:
                      all:
                        - with: { type: paid }
                          correlate: { order: { from: .data.order }, customer: { from: .data.customer } }
                        - with: { type: left }
                          correlate: { customer: { from: .data.customer } }
                do: []
                """)) {
            AcceptanceStore hand = both.node();
            ArrivedEvent first = both.event("item", 7);
            both.accept(hand, both.event("paid", 7), first, both.event("item", 8));
            both.accept(hand, customer(both, "paid", 7, 1));
            assertThat(both.value("select string_agg(ending::text, ' ' order by number) from workflow.open_set"))
                    .isEqualTo("{1} {}");
            ArrivedEvent second = both.event("item", 7);

            assertThat(both.accept(hand, second, customer(both, "left", 0, 2))).isEqualTo(Gathered.NOTHING);
            assertThat(both.accept(hand, customer(both, "left", 0, 1))).isEqualTo(new Gathered(1, 0));

            assertThat(both.value("select event_ids from workflow.run"))
                    .isEqualTo("{%s,%s}".formatted(first.id(), second.id()));
            assertThat(both.value("select string_agg(ending::text, ' ') from workflow.open_set"))
                    .isEqualTo("{2}");
        }
    }

    /** Else runs could start one another without an end, by what ends their sets. */
    @Test
    void countsWhatEndedASetAsWhatStartedTheRun() {
        ArrivedEvent end = closed.event("closed", 7);
        accept(closed.event("item", 7));
        accept(new ArrivedEvent(end.organization(), end.id(), end.type(), end.source(), 5, end.envelope()));

        assertThat(closed.value("select depth from workflow.run")).isEqualTo("5");
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
                "delete on workflow.set_place",
                "insert on workflow.run",
                "update on workflow.gathering")) {
            order++;
            accept(closed.event("item", order));
            closed.losesNothing(
                    closed.acceptance(closed.event("item", order), closed.event("closed", order)), statement);
        }
        assertThat(closed.value("select count(*) from workflow.run where cardinality(event_ids) = 2"))
                .isEqualTo(Integer.toString(order));
        assertThat(closed.rows("set_place")).isEqualTo("0");
    }

    @Test
    void beginsAnewWithANewActivation() {
        accept(closed.event("item", 1));
        Acceptance former = closed.acceptance(closed.event("item", 1));
        closed.activate();

        assertThat(accept(closed.event("closed", 1))).isEqualTo(Gathered.NOTHING);

        assertThat(closed.rows("run")).isEqualTo("0");
        assertThat(closed.sweep()).isEqualTo(1L);
        assertThat(closed.rows("set_place")).isEqualTo("0");
        closed.database.sql("update workflow.gathering set ended = true");
        assertThatThrownBy(() -> node.accept(former).block(PATIENCE)).isInstanceOf(SupersededException.class);
    }

    private static ArrivedEvent customer(SetDatabase database, String type, int order, int customer) {
        ArrivedEvent event = database.event(type, order);
        ObjectNode envelope = (ObjectNode) event.envelope();
        envelope.putObject("data").put("order", order).put("customer", customer);
        return event;
    }

    @CanIgnoreReturnValue
    private Gathered accept(ArrivedEvent... events) {
        return closed.accept(node, events);
    }
}
