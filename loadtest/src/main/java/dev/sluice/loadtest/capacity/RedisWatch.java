package dev.sluice.loadtest.capacity;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Redis says of itself. Blocks; one thread. */
final class RedisWatch implements AutoCloseable {

    private static final ScanArgs STREAMS =
            ScanArgs.Builder.matches("sluice:work:*").limit(1_000);
    private static final Pattern ADDED = Pattern.compile("cmdstat_xadd:calls=(\\d+)");
    private static final Pattern MEMORY = Pattern.compile("used_memory:(\\d+)");

    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;

    private RedisWatch(RedisClient client) {
        this.client = client;
        this.connection = client.connect();
    }

    static RedisWatch of(URI url) {
        return new RedisWatch(RedisClient.create(url.toString()));
    }

    /** Entries in all streams of work. */
    long queued() {
        KeyScanCursor<String> found = connection.sync().scan(STREAMS);
        long entries =
                found.getKeys().stream().mapToLong(connection.sync()::xlen).sum();
        while (!found.isFinished()) {
            found = connection.sync().scan(found, STREAMS);
            entries +=
                    found.getKeys().stream().mapToLong(connection.sync()::xlen).sum();
        }
        return entries;
    }

    /** Entries that were ever added to a stream, by gateways and by the reconciler. */
    long added() {
        return number(ADDED, connection.sync().info("commandstats"));
    }

    long memoryBytes() {
        return number(MEMORY, connection.sync().info("memory"));
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
    }

    private static long number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }
}
