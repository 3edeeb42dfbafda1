package dev.sluice.loadtest.drill;

import dev.sluice.loadtest.drill.Api.Answer;
import dev.sluice.loadtest.drill.Api.Hook;
import dev.sluice.loadtest.drill.Request.Kind;
import dev.sluice.loadtest.drill.Request.Told;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Clients that start numbered runs in all ways there are, at an even rate, and remember what they were told. A client
 * turns to another gateway when one does not answer. Thread-safe.
 */
final class MixedLoad implements AutoCloseable {

    /** Clients at once; while there are so many, no new one begins. */
    private static final int MAX_CLIENTS = 1_000;

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int PAUSE_MILLIS = 150;

    /** What a client may well repeat: the gateway or the executor behind it is away or full. */
    private static final Set<Integer> PASSING = Set.of(408, 429, 502, 503, 504);

    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore places = new Semaphore(MAX_CLIENTS);
    private final Map<Integer, Request> told = new ConcurrentHashMap<>();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger repeated = new AtomicInteger();
    private final List<Api> gateways;
    private final String runs;
    private final Hook hook;
    private final LongSupplier open;
    private final int perSecond;
    private final int maxOpen;
    private volatile boolean sending = true;

    /**
     * Clients of these gateways; {@link #begin} starts them.
     *
     * @param name   of the workflow that the hook starts as well
     * @param open   runs that are open; while there are more than {@code maxOpen}, no new one is started
     */
    MixedLoad(List<Api> gateways, String name, Hook hook, LongSupplier open, int perSecond, int maxOpen) {
        this.gateways = List.copyOf(gateways);
        this.runs = "/v1/workflows/drill/" + name + "/runs";
        this.hook = hook;
        this.open = open;
        this.perSecond = perSecond;
        this.maxOpen = maxOpen;
    }

    void begin() {
        clients.execute(this::tick);
    }

    /** Starts nothing more; clients under way go on until they are accepted. */
    void stop() {
        sending = false;
    }

    /** How often a client repeated a request. */
    int repeated() {
        return repeated.get();
    }

    int sent() {
        return sent.get();
    }

    /** Waits, after {@link #stop}, until each client knows; those that do not in time were refused. */
    List<Request> await(Duration limit) {
        try {
            if (!places.tryAcquire(MAX_CLIENTS, limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new DrillFailure("Some clients have no answer after " + limit + ".");
            }
            return List.copyOf(told.values());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    public void close() {
        sending = false;
        clients.shutdownNow();
    }

    private void tick() {
        try {
            while (sending) {
                TimeUnit.NANOSECONDS.sleep(1_000_000_000L / perSecond);
                if (open.getAsLong() <= maxOpen && places.tryAcquire()) {
                    int number = sent.incrementAndGet();
                    clients.execute(() -> client(number));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void client(int number) {
        Kind kind = kind(number);
        try {
            told.put(number, new Request(number, kind, ask(number, kind)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            told.put(number, new Request(number, kind, new Told.Refused(e.toString())));
        } finally {
            places.release();
        }
    }

    /** Of twenty: nine webhooks, five starts, four that wait, two without a key. */
    private static Kind kind(int number) {
        int place = number % 20;
        return place % 2 == 1 && place < 18
                ? Kind.WEBHOOK
                : place < 10 ? Kind.START : place < 18 ? Kind.START_AND_WAIT : Kind.START_WITHOUT_KEY;
    }

    private Told ask(int number, Kind kind) throws InterruptedException {
        UUID delivery = UUID.randomUUID();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String last = "no answer";
        for (int attempt = 0; System.nanoTime() < deadline; attempt++) {
            Api gateway = gateways.get((number + attempt) % gateways.size());
            try {
                Answer answer = send(gateway, number, kind, delivery);
                if (answer.accepted()) {
                    return accepted(kind, answer);
                }
                if (!PASSING.contains(answer.status())) {
                    return new Told.Refused(answer.status() + " " + answer.body());
                }
                last = answer.toString();
            } catch (IOException e) {
                last = e.toString();
            }
            if (kind == Kind.START_WITHOUT_KEY) {
                return new Told.Nothing();
            }
            repeated.incrementAndGet();
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
        return new Told.Refused("not accepted within " + PATIENCE + ": " + last);
    }

    private Answer send(Api gateway, int number, Kind kind, UUID delivery) throws IOException, InterruptedException {
        String input = Workload.input(number);
        return switch (kind) {
            case WEBHOOK -> gateway.deliver(hook, delivery, input);
            case START -> gateway.send(gateway.post(runs, input).header("Idempotency-Key", "run-" + number));
            case START_AND_WAIT ->
                gateway.send(gateway.post(runs, input)
                        .header("Idempotency-Key", "run-" + number)
                        .header("Prefer", "wait=20"));
            case START_WITHOUT_KEY -> gateway.send(gateway.post(runs, input));
        };
    }

    private static Told accepted(Kind kind, Answer answer) {
        if (kind == Kind.WEBHOOK) {
            return new Told.Accepted(
                    UUID.fromString(answer.body().path("eventId").asString()), null);
        }
        UUID run = UUID.fromString(answer.location().substring(answer.location().lastIndexOf('/') + 1));
        boolean output = kind == Kind.START_AND_WAIT && answer.status() == 200;
        return new Told.Accepted(run, output ? answer.body() : null);
    }

    private static DrillFailure interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new DrillFailure("Interrupted.", e);
    }
}
