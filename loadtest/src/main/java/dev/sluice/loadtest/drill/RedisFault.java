package dev.sluice.loadtest.drill;

import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** In turn: Redis is emptied, is killed and comes back without its file, is killed and stays away for a while. */
final class RedisFault implements Fault {

    private final DrillSystem system;
    private final SplittableRandom random;
    private int turn;

    RedisFault(DrillSystem system, SplittableRandom random) {
        this.system = system;
        this.random = random;
    }

    @Override
    public Struck strike() {
        Instant from = WallClock.now();
        String what = switch (turn++ % 3) {
            case 0 -> flush();
            case 1 -> restart(true, Duration.ZERO);
            default -> restart(false, Duration.ofMillis(random.nextInt(2_000, 6_000)));
        };
        return new Struck(what, false, from, WallClock.now());
    }

    private String flush() {
        RedisClient client = RedisClient.create(system.redis().url().toString());
        try (var connection = client.connect()) {
            connection.sync().flushall();
            return "FLUSHALL";
        } finally {
            client.shutdown();
        }
    }

    private String restart(boolean empty, Duration away) {
        system.redis().crash();
        if (empty) {
            delete(system.folder().resolve("redis").resolve("appendonlydir"));
        }
        Pause.of(away);
        system.restartRedis();
        return empty ? "killed redis, its file lost" : "killed redis, away for " + away.toMillis() + " ms";
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new DrillFailure("The append-only file cannot be removed: " + e + ".", e);
        }
    }
}
