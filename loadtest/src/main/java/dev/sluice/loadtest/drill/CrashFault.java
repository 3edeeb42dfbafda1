package dev.sluice.loadtest.drill;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** SIGKILL to one to three of executors, gateways, PostgreSQL and Redis at the same moment. */
final class CrashFault implements Fault {

    private static final String POSTGRES = "postgres";
    private static final String REDIS = "redis";

    /** How long a server may stay away, in milliseconds. */
    private static final int AWAY = 2_500;

    private final DrillSystem system;
    private final SplittableRandom random;

    CrashFault(DrillSystem system, SplittableRandom random) {
        this.system = system;
        this.random = random;
    }

    @Override
    public Struck strike() {
        List<String> victims = victims();
        Instant from = WallClock.now();
        together(victims.stream().map(this::killing).toList());
        Instant gone = WallClock.now();
        List<Runnable> starts = victims.stream().map(this::starting).toList();
        together(starts);
        boolean database = victims.contains(POSTGRES);
        boolean breaks = database || victims.stream().anyMatch(victim -> victim.startsWith("executor"));
        // What comes while the database is away cannot be journaled before it is back.
        Instant until = (database ? WallClock.now() : gone).plus(Kill.UNREAD);
        return new Struck("killed " + String.join(", ", victims), breaks, from, until);
    }

    /** Two thirds of the time one, else two or three. */
    private List<String> victims() {
        List<String> all = new ArrayList<>(system.serviceNames());
        all.addAll(List.of(POSTGRES, REDIS));
        int draw = random.nextInt(6);
        int count = draw < 4 ? 1 : draw - 2;
        List<String> victims = new ArrayList<>();
        while (victims.size() < count) {
            victims.add(all.remove(random.nextInt(all.size())));
        }
        return List.copyOf(victims);
    }

    private Runnable killing(String victim) {
        return switch (victim) {
            case POSTGRES -> system.postgres()::kill;
            case REDIS -> system.redis()::crash;
            default -> system.service(victim)::kill;
        };
    }

    private Runnable starting(String victim) {
        Duration away = Duration.ofMillis(random.nextInt(AWAY));
        return switch (victim) {
            case POSTGRES ->
                () -> {
                    Pause.of(away);
                    system.postgres().restart();
                };
            case REDIS ->
                () -> {
                    Pause.of(away);
                    system.restartRedis();
                };
            default -> () -> system.start(victim);
        };
    }

    /** Blocks until all are done; the first failure is the one that is thrown. */
    private static void together(List<Runnable> tasks) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var started = tasks.stream().map(threads::submit).toList();
            for (var task : started) {
                task.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DrillFailure("Interrupted.", e);
        } catch (ExecutionException e) {
            throw new DrillFailure("A part could not be killed or started: " + e.getCause() + ".", e);
        }
    }
}
