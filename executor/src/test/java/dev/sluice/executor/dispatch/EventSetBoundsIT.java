package dev.sluice.executor.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.executor.event.ArrivedEvent;
import dev.sluice.executor.gathering.Gathered;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Sets that are too many, or too old. */
final class EventSetBoundsIT {

    private static final Duration PATIENCE = SetDatabase.PATIENCE;

    private final SetDatabase orders = new SetDatabase(SetDatabase.ORDERS);
    private final AcceptanceStore node = orders.node();

    @AfterEach
    void close() {
        orders.close();
    }

    @Test
    void dropsTheOldestSetsAboveTheLimitAndCountsThem() {
        AcceptanceStore narrow = orders.node(3);
        List<ArrivedEvent> events = new ArrayList<>();
        for (int order = 0; order < 5; order++) {
            events.add(orders.event("paid", order));
        }

        Gathered gathered = orders.accept(narrow, events.toArray(ArrivedEvent[]::new));

        assertThat(gathered).isEqualTo(new Gathered(0, 2));
        orders.gatherings(3).tell(gathered);
        assertThat(orders.dropped.count()).isEqualTo(2);
        assertThat(orders.value("select open || ' ' || dropped from workflow.gathering"))
                .isEqualTo("3 2");
        assertThat(orders.value("select min(number) from workflow.open_set")).isEqualTo("3");
        assertThat(orders.rows("set_place")).isEqualTo("9");
    }

    @Test
    void forgetsSetsThatAreNotCompleteInTime() {
        orders.accept(node, orders.event("paid", 1));
        orders.accept(node, orders.event("paid", 2));
        orders.database.sql("update workflow.open_set set opened_at = now() - interval '31 days' where number = 1");

        assertThat(orders.sweep()).isEqualTo(1L);

        assertThat(orders.value("select open || ' ' || dropped from workflow.gathering"))
                .isEqualTo("1 1");
        assertThat(orders.rows("set_place")).isEqualTo("3");
        assertThat(orders.accept(node, orders.event("packed", 2))).isEqualTo(Gathered.NOTHING);
        assertThat(orders.accept(node, orders.event("lorry", 2))).isEqualTo(new Gathered(1, 0));
    }

    /** A delivery holds it; the sweep must not wait for that, and the next one comes in a minute. */
    @Test
    void leavesSetsOfAWorkflowThatIsBusyForTheNextSweep() {
        orders.accept(node, orders.event("paid", 1));
        orders.database.sql("update workflow.open_set set opened_at = now() - interval '31 days'");
        Connection busy = orders.database.connect();
        try {
            ExecutorDatabase.execute(busy, "begin").block(PATIENCE);
            ExecutorDatabase.execute(busy, "select from workflow.gathering for update")
                    .block(PATIENCE);
            assertThat(orders.sweep()).isEqualTo(0L);
            ExecutorDatabase.execute(busy, "rollback").block(PATIENCE);
        } finally {
            Mono.from(busy.close()).block(PATIENCE);
        }

        assertThat(orders.sweep()).isEqualTo(1L);
    }

    /** After the limit was lowered: nobody waits until all that are too many have gone. */
    @Test
    void dropsSomeOfManyThatAreTooManyWithEachDelivery() {
        orders.accept(node, orders.event("paid", 1));
        orders.database.sql(
                "insert into workflow.open_set select (jsonb_populate_record(s, jsonb_build_object('number',"
                        + " s.number + i))).* from workflow.open_set s, generate_series(1, 600) i");
        orders.database.sql("update workflow.gathering set opened = 601, open = 601");

        assertThat(orders.accept(orders.node(1), orders.event("paid", 2)).dropped())
                .isEqualTo(512);
        assertThat(orders.accept(orders.node(1), orders.event("paid", 3)).dropped())
                .isEqualTo(90);
    }
}
