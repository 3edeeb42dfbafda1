package dev.sluice.shared.redis;

import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/**
 * What all nodes of a kind together have taken of limits, each as the instant at which its bucket would be full again (GCRA).
 * One round trip for any number of limits. What was taken is always noted, also beyond the limit: nodes tell afterwards, and
 * pay it back by waiting. Redis may lose everything; then all buckets are full. Thread-safe.
 */
public final class SharedRates {

    /** A node that has not told anything for so long is no longer counted. */
    static final Duration ALIVE = Duration.ofSeconds(3);

    private static final double MICROS = 1e3;

    /** node, alive micros, then limit, taken, interval micros, capacity micros, … → nodes, then micros until full, … */
    private static final Script SETTLE = Script.of("""
            local time = redis.call('TIME')
            local now = time[1] * 1000000 + time[2]
            redis.call('ZADD', 'sluice:rate-nodes', string.format('%.0f', now), ARGV[1])
            redis.call('ZREMRANGEBYSCORE', 'sluice:rate-nodes', '-inf', string.format('%.0f', now - ARGV[2]))
            local answer = { redis.call('ZCARD', 'sluice:rate-nodes') }
            for i = 3, #ARGV, 4 do
              local key = 'sluice:rate:' .. ARGV[i]
              local full = math.max(tonumber(redis.call('GET', key) or '0'), now) + ARGV[i + 1] * ARGV[i + 2]
              full = math.min(full, now + 2 * ARGV[i + 3])
              redis.call('SET', key, string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000) + 1)
              table.insert(answer, math.ceil(full - now))
            end
            return answer
            """);

    private static final Script LEAVE = Script.of("return redis.call('ZREM', 'sluice:rate-nodes', ARGV[1])");

    private final Redis redis;

    /** In that Redis. */
    public SharedRates(Redis redis) {
        this.redis = redis;
    }

    /**
     * What a node has taken since it told last.
     *
     * @param limit         names the limit and whose it is
     * @param intervalNanos between two tokens
     * @param capacityNanos in which an empty bucket is full again; nobody waits for more than twice that
     */
    public record Use(String limit, long taken, long intervalNanos, long capacityNanos) {}

    /**
     * How things are.
     *
     * @param nodes       that told something lately, this one included
     * @param fullInNanos when each limit's bucket is full again if nobody takes from it, in the order of the uses
     */
    public record Standing(int nodes, List<Long> fullInNanos) {}

    /** Notes what was taken; {@code UNAVAILABLE} when Redis does not answer in time, and then it may have been noted or not. */
    public Mono<Standing> settle(String node, List<Use> uses) {
        String[] arguments = Stream.concat(
                        Stream.of(node, Long.toString(ALIVE.toMillis() * 1_000)),
                        uses.stream()
                                .flatMap(use -> Stream.of(
                                        use.limit(),
                                        Long.toString(use.taken()),
                                        Double.toString(use.intervalNanos() / MICROS),
                                        Double.toString(use.capacityNanos() / MICROS))))
                .toArray(String[]::new);
        return redis.<List<Long>>call(SETTLE, ScriptOutputType.MULTI, arguments)
                .map(answer -> new Standing(
                        Math.toIntExact(answer.getFirst()),
                        answer.stream().skip(1).map(micros -> micros * 1_000).toList()));
    }

    /** No longer counts the node, which would be for {@link #ALIVE} otherwise. */
    public Mono<Void> leave(String node) {
        return redis.call(LEAVE, ScriptOutputType.INTEGER, node).then();
    }
}
