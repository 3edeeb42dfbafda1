package dev.sluice.executor.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.event.ArrivedEvent;
import dev.sluice.executor.gathering.Gathered;
import dev.sluice.executor.gathering.SetBounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sets that are full, too old, or too many: open, or ended at once. */
final class GrowingSetBoundsIT {

    private static final Duration PATIENCE = SetDatabase.PATIENCE;

    /** All orders end at once. */
    private static final String DAYS = """
            document: { dsl: '1.0.3', namespace: n, name: orders, version: '1.0.0' }
            schedule:
              on:
                any: [ { with: { type: item }, correlate: { order: { from: .data.order } } } ]
                until: { one: { with: { type: day.over } } }
            do: []
            """;

    private final SetDatabase orders = new SetDatabase(DAYS);
    private final AcceptanceStore node = orders.node();

    @AfterEach
    void close() {
        orders.close();
    }

    @Test
    void startsTheRunOfASetThatIsFullAndCountsIt() {
        AcceptanceStore narrow = orders.node(new SetBounds(100, 3, 1 << 20));
        List<Gathered> gathered = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            gathered.add(orders.accept(narrow, orders.event("item", 1)));
        }

        assertThat(gathered)
                .containsExactly(Gathered.NOTHING, Gathered.NOTHING, new Gathered(1, 0, 1, 0), Gathered.NOTHING);
        orders.gatherings(1).tell(gathered.get(2));
        assertThat(orders.filled.count()).isEqualTo(1);
        assertThat(orders.value("select open || ' ' || dropped || ' ' || filled from workflow.gathering"))
                .isEqualTo("1 0 1");
        assertThat(orders.value("select cardinality(event_ids) from workflow.run"))
                .isEqualTo("3");
    }

    @Test
    void startsTheRunOfASetWithTheEventThatMakesItTooLarge() {
        AcceptanceStore narrow = orders.node(new SetBounds(100, 100, 120));

        assertThat(orders.accept(narrow, orders.event("item", 1))).isEqualTo(Gathered.NOTHING);
        assertThat(orders.accept(narrow, orders.event("item", 1))).isEqualTo(Gathered.NOTHING);
        assertThat(orders.accept(narrow, orders.event("item", 1))).isEqualTo(new Gathered(1, 0, 1, 0));

        assertThat(orders.value("select octet_length(input) > 120 from workflow.run"))
                .isEqualTo("true");
    }

    @Test
    void dropsTheOldestSetsAboveTheLimitAndForgetsThoseThatNothingEnds() {
        List<ArrivedEvent> events = new ArrayList<>();
        for (int order = 0; order < 5; order++) {
            events.add(orders.event("item", order));
        }

        assertThat(orders.accept(orders.node(3), events.toArray(ArrivedEvent[]::new)))
                .isEqualTo(new Gathered(0, 2));
        orders.database.sql("update workflow.open_set set opened_at = now() - interval '31 days' where number = 3");
        assertThat(orders.sweep()).isEqualTo(1L);

        assertThat(orders.value("select open || ' ' || dropped from workflow.gathering"))
                .isEqualTo("2 3");
        assertThat(orders.accept(node, orders.event("day.over", 0))).isEqualTo(new Gathered(2, 0));
        assertThat(orders.rows("set_place")).isEqualTo("0");
    }

    /** One transaction takes some; the others are ended too, take nothing more, and start when somebody sees to it. */
    @Test
    void startsTheRunsOfManySetsThatEndAtOnceBitByBit() {
        open(600);
        ArrivedEvent over = orders.event("day.over", 0);

        assertThat(orders.accept(node, over)).isEqualTo(new Gathered(256, 0, 0, 344));
        assertThat(orders.value("select open from workflow.gathering")).isEqualTo("0");
        ArrivedEvent next = orders.event("item", 599);
        orders.accept(node, next);
        assertThat(orders.value(
                        "select max(number) || ' ' || open from workflow.open_set, workflow.gathering group by open"))
                .isEqualTo("601 1");

        assertThat(orders.accept(node, orders.event("day.over", 0))).isEqualTo(new Gathered(1, 0));
        orders.gatherings(1).finish().block(PATIENCE);

        assertThat(orders.rows("run")).isEqualTo("601");
        assertThat(orders.rows("open_set")).isEqualTo("0");
        assertThat(orders.rows("set_place")).isEqualTo("0");
        assertThat(orders.value("select count(distinct e) from workflow.run, unnest(event_ids) e"))
                .isEqualTo("601");
        assertThat(orders.value("select cardinality(run_ids) from workflow.inbox where event_id = '" + over.id() + "'"))
                .isEqualTo("600");
        assertThat(orders.woken).hasPositiveValue();
    }

    /** Whoever ended them may be gone, and the version not be active any more: they had ended before. */
    @Test
    void keepsSetsThatEndedUntilTheirRunsHaveStarted() {
        open(300);
        orders.accept(node, orders.event("day.over", 0));
        orders.database.sql("update workflow.open_set set opened_at = now() - interval '31 days'");
        orders.activate();
        open(2);

        assertThat(orders.sweep()).isZero();
        assertThat(orders.accept(orders.node(1), orders.event("item", 2)).dropped())
                .isEqualTo(2);
        orders.gatherings(1).finish().block(PATIENCE);

        assertThat(orders.rows("run")).isEqualTo("300");
        assertThat(orders.rows("open_set")).isEqualTo("1");
    }

    private void open(int sets) {
        List<ArrivedEvent> events = new ArrayList<>();
        for (int order = 0; order < sets; order++) {
            events.add(orders.event("item", order));
        }
        orders.accept(node, events.toArray(ArrivedEvent[]::new));
    }
}
