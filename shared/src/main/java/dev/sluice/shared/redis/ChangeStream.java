package dev.sluice.shared.redis;

import io.lettuce.core.ScriptOutputType;
import java.util.List;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/**
 * The stream of everything that is changed in the installation, for consumer groups outside: {@value #KEY}, at most about
 * {@value #LENGTH} entries, of the last {@value #DAYS} days when something was told. Each has the fields {@code organization} and {@code event}, a CloudEvent in its JSON format. Redis may
 * lose it. Thread-safe.
 */
public final class ChangeStream {

    static final String KEY = "sluice:changes";
    static final int LENGTH = 100_000;

    /** Whoever was away for longer has to look at what is, and not at what has changed. */
    static final int DAYS = 30;

    /** organization, event, … → how many */
    private static final Script APPEND = Script.of("""
            for i = 1, #ARGV, 2 do
              redis.call('XADD', '%1$s', 'MAXLEN', '~', %2$d, '*', 'organization', ARGV[i], 'event', ARGV[i + 1])
            end
            redis.call('XTRIM', '%1$s', 'MINID', (redis.call('TIME')[1] - %3$d * 86400) * 1000)
            return #ARGV / 2
            """.formatted(KEY, LENGTH, DAYS));

    private final Redis redis;

    /** In that Redis. */
    public ChangeStream(Redis redis) {
        this.redis = redis;
    }

    /**
     * Something that changed.
     *
     * @param organization whose it is
     * @param event        a CloudEvent as JSON
     */
    public record Entry(String organization, String event) {}

    /** Appends all in their order; {@code UNAVAILABLE} when Redis does not answer in time, and then they may be there or not. */
    public Mono<Void> append(List<Entry> entries) {
        return redis.call(
                        APPEND,
                        ScriptOutputType.INTEGER,
                        entries.stream()
                                .flatMap(entry -> Stream.of(entry.organization(), entry.event()))
                                .toArray(String[]::new))
                .then();
    }
}
