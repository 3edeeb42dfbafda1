package dev.sluice.shared.redis;

import io.lettuce.core.ScriptOutputType;
import java.util.List;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/**
 * The stream of everything that is changed in the installation, for consumer groups outside: {@value #KEY}, at most about
 * {@value #LENGTH} entries. Each has the fields {@code organization} and {@code event}, a CloudEvent in its JSON format. Redis may
 * lose it. Thread-safe.
 */
public final class ChangeStream {

    static final String KEY = "sluice:changes";
    static final int LENGTH = 100_000;

    /** organization, event, … → how many */
    private static final Script APPEND = Script.of("""
            for i = 1, #ARGV, 2 do
              redis.call('XADD', '%s', 'MAXLEN', '~', %d, '*', 'organization', ARGV[i], 'event', ARGV[i + 1])
            end
            return #ARGV / 2
            """.formatted(KEY, LENGTH));

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
