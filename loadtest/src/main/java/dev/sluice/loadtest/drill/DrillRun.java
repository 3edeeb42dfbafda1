package dev.sluice.loadtest.drill;

import dev.sluice.loadtest.drill.Api.Hook;
import dev.sluice.loadtest.drill.Evidence.Run;
import dev.sluice.loadtest.drill.Fault.Struck;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * One drill from the first request to the account: load, faults at random moments, drain. Everything has an end: a system
 * that does not come back, or does not drain, ends it with an account of what is missing or an exception that says so.
 */
final class DrillRun implements AutoCloseable {

    private static final Duration ENOUGH_OPEN = Duration.ofMinutes(2);
    private static final Duration CLIENTS = Duration.ofMinutes(6);
    private static final Duration DRAIN = Duration.ofMinutes(5);
    /** Until the services have compiled what they do most. */
    private static final Duration WARM_UP = Duration.ofSeconds(8);

    private static final Duration LOOK = Duration.ofMillis(250);

    /** Between kills, in milliseconds, once enough runs are open again. */
    private static final int LEAST_PAUSE = 500;

    private static final int MOST_PAUSE = 4_000;

    private final DrillSystem system;
    private final DrillUpstream upstream;
    private final Settings settings;
    private final SplittableRandom random;
    private final Consumer<String> progress;
    private final AtomicLong open = new AtomicLong();
    private volatile boolean closed;

    /**
     * How much of it.
     *
     * @param kills    how often something happens
     * @param until    after which nothing more does
     * @param rate     runs started per second
     * @param minOpen  runs that have to be open at each kill
     * @param impatient share of kills that do not wait until all is well again
     */
    record Settings(int kills, Instant until, int rate, long minOpen, double impatient) {

        /** While so many are open, no more are started. */
        int maxOpen() {
            return (int) minOpen * 4;
        }
    }

    /** A drill over a system whose servers and services run; {@code random} chooses the moments. */
    DrillRun(
            DrillSystem system,
            DrillUpstream upstream,
            Settings settings,
            SplittableRandom random,
            Consumer<String> progress) {
        this.system = system;
        this.upstream = upstream;
        this.settings = settings;
        this.random = random;
        this.progress = progress;
    }

    /** Has the runs of a new workflow {@code drill/name} struck as often as it shall; blocks until the account is made. */
    Account run(String name, Fault fault) {
        List<Api> gateways = IntStream.range(0, system.gatewayNames().size())
                .mapToObj(index -> new Api(system.gateway(index)))
                .toList();
        Hook hook = gateways.getFirst().createHook(name);
        gateways.getFirst().deploy(Workload.document(name, hook.eventSource(), upstream.uri()));
        try (Ledger ledger = system.ledger();
                MixedLoad load = new MixedLoad(gateways, name, hook, open::get, settings.rate(), settings.maxOpen())) {
            Thread looking = Thread.ofVirtual().start(() -> look(ledger));
            load.begin();
            Pause.of(WARM_UP);
            List<Kill> kills = strikes(fault);
            load.stop();
            system.awaitReady();
            List<Request> requests = load.await(CLIENTS);
            progress.accept("%d requests sent, %d repeated; waiting for the runs that are open"
                    .formatted(load.sent(), load.repeated()));
            drain(ledger);
            closed = true;
            looking.join();
            List<Run> runs = ledger.runs(name);
            return Account.of(new Evidence(
                    requests,
                    runs,
                    ledger.outcomes(runs),
                    upstream.calls(name),
                    kills,
                    ledger.lapses(),
                    settings.minOpen()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DrillFailure("Interrupted.", e);
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    private List<Kill> strikes(Fault fault) {
        List<Kill> kills = new ArrayList<>();
        for (int number = 1; number <= settings.kills() && WallClock.now().isBefore(settings.until()); number++) {
            Pause.of(Duration.ofMillis(random.nextInt(LEAST_PAUSE, MOST_PAUSE)));
            awaitOpen();
            Kill kill = strike(fault);
            kills.add(kill);
            progress.accept("%3d/%d %s; %d runs open; all well after: %s"
                    .formatted(number, settings.kills(), kill.what(), kill.open(), kill.recovery()));
        }
        return List.copyOf(kills);
    }

    private Kill strike(Fault fault) {
        long before = open.get();
        boolean patient = random.nextDouble() >= settings.impatient();
        Struck struck = fault.strike();
        if (patient) {
            system.awaitReady();
        }
        Duration back = patient ? Duration.between(struck.from(), WallClock.now()) : null;
        return new Kill(struck.what(), struck.breaks(), struck.from(), struck.until(), before, back);
    }

    /** Blocks until enough runs are open, or it has taken too long: then the account says so. */
    private void awaitOpen() {
        long deadline = System.nanoTime() + ENOUGH_OPEN.toNanos();
        while (open.get() < settings.minOpen() && System.nanoTime() < deadline) {
            Pause.of(LOOK);
        }
    }

    /** Events first: each of them may become a run. */
    private static void drain(Ledger ledger) {
        long deadline = System.nanoTime() + DRAIN.toNanos();
        while ((ledger.waitingEvents() > 0 || ledger.openRuns().orElse(1) > 0) && System.nanoTime() < deadline) {
            Pause.of(LOOK);
        }
    }

    private void look(Ledger ledger) {
        while (!closed) {
            ledger.openRuns().ifPresent(open::set);
            Pause.of(LOOK);
        }
    }
}
