package dev.sluice.loadtest.capacity;

import dev.sluice.loadtest.drill.WallClock;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntUnaryOperator;

/** Runs that listen, the events that wake them, and how long that takes. Blocks; one thread. */
final class ListenerRounds {

    static final String LISTENING = "listening";

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration LOOK = Duration.ofMillis(250);

    private final CapacitySystem system;
    private final Driver driver;
    private final Tenant tenant;
    private final SignedHook hook;
    private final RunLedger ledger;
    private final Map<Integer, Instant> sentAt = new ConcurrentHashMap<>();
    private final BitSet woken = new BitSet();
    private int listening;

    ListenerRounds(CapacitySystem system, Driver driver, Tenant tenant, SignedHook hook) {
        this.system = system;
        this.driver = driver;
        this.tenant = tenant;
        this.hook = hook;
        this.ledger = system.ledger();
    }

    /** Starts runs with the numbers from {@code from} to before {@code until}; returns when all listen and are out of memory. */
    Sent listen(int from, int until) {
        Sent sent = new Sent();
        driver.send(from, until, number -> tenant.start(LISTENING, input(number)), sent);
        listening += sent.accepted();
        await(() -> ledger.listeners() == listening && ledger.parked(LISTENING) == listening, "listen");
        return sent;
    }

    /** Delivers so many events, one each {@code interval}, and returns when the runs they are for have ended. */
    void deliver(int count, IntUnaryOperator numbers, Duration interval) {
        try (Prober events =
                Prober.start(system.gateway(), index -> event(numbers.applyAsInt(index)), 0, count, interval)) {
            events.await();
            if (events.errors() > 0) {
                throw new CapacityFailure("Events were not accepted: " + events);
            }
        }
        for (int index = 0; index < count; index++) {
            woken.set(numbers.applyAsInt(index));
        }
        listening -= count;
        await(() -> ledger.open(LISTENING) == listening, "have heard their events");
    }

    /** Of the events since the last time: from the moment each was sent to the end of its run, by this machine's clock. */
    Latencies times() {
        Latencies times = new Latencies();
        ledger.completed(LISTENING).forEach(run -> {
            Instant sent = sentAt.remove(run.number());
            if (sent != null) {
                times.record(Duration.between(sent, run.at()).toNanos());
            }
        });
        return times;
    }

    /** The times of the events so far are not asked for. */
    void forget() {
        sentAt.clear();
    }

    /** The numbers of all events. */
    BitSet woken() {
        return (BitSet) woken.clone();
    }

    private Ask event(int number) {
        Ask delivery = hook.deliver(input(number));
        sentAt.put(number, WallClock.now());
        return delivery;
    }

    private static void await(BooleanSupplier until, String what) {
        if (!Deadline.in(PATIENCE).await(LOOK, until)) {
            throw new CapacityFailure("Not all runs " + what + " after " + PATIENCE.toMinutes() + " minutes.");
        }
    }

    private static String input(int number) {
        return "{\"number\":" + number + "}";
    }
}
