package dev.sluice.shared.redis;

import dev.sluice.shared.tenancy.OrganizationId;
import io.lettuce.core.ScriptOutputType;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * What Redis has of an organization, for when there is to be nothing: its places in the work streams, every key that has its id in
 * its name, and its entries of {@link ChangeStream}. Goes through all keys and that stream, a thousand at a time. Thread-safe.
 */
public final class OrganizationKeys {

    private static final String START = "0";

    /** organization → 1. */
    private static final Script LEAVE = Script.of("""
            redis.call('DEL', 'sluice:work:' .. ARGV[1], 'sluice:queued:' .. ARGV[1])
            redis.call('SREM', 'sluice:active', ARGV[1])
            redis.call('ZREM', 'sluice:rotation', ARGV[1])
            return 1
            """);

    /** organization, cursor → next cursor, 0 at the end. */
    private static final Script SWEEP_KEYS = Script.of("""
            local answer = redis.call('SCAN', ARGV[2], 'MATCH', '*' .. ARGV[1] .. '*', 'COUNT', 1000)
            for _, key in ipairs(answer[2]) do redis.call('DEL', key) end
            return answer[1]
            """);

    /** organization, id of the last entry looked at → that of this one's last, 0 at the end. */
    private static final Script SWEEP_CHANGES = Script.of("""
            local after = ARGV[2] == '0' and '-' or '(' .. ARGV[2]
            local entries = redis.call('XRANGE', '%s', after, '+', 'COUNT', 1000)
            for _, entry in ipairs(entries) do
              for i = 1, #entry[2], 2 do
                if entry[2][i] == 'organization' and entry[2][i + 1] == ARGV[1] then
                  redis.call('XDEL', '%s', entry[1])
                end
              end
            end
            return #entries < 1000 and '0' or entries[#entries][1]
            """.formatted(ChangeStream.KEY, ChangeStream.KEY));

    private final Redis redis;

    /** In that Redis. */
    public OrganizationKeys(Redis redis) {
        this.redis = redis;
    }

    /** Forgets all of it; may be done again. {@code UNAVAILABLE} when Redis is away, and some of it may be gone then. */
    public Mono<Void> forget(OrganizationId organization) {
        return redis.<Long>call(LEAVE, ScriptOutputType.INTEGER, organization.toString())
                .thenMany(sweep(SWEEP_KEYS, organization))
                .thenMany(sweep(SWEEP_CHANGES, organization))
                .then();
    }

    private Mono<List<String>> sweep(Script script, OrganizationId organization) {
        return step(script, organization, START)
                .expand(cursor -> cursor.equals(START) ? Mono.empty() : step(script, organization, cursor))
                .takeLast(1)
                .collectList();
    }

    private Mono<String> step(Script script, OrganizationId organization, String cursor) {
        return redis.call(script, ScriptOutputType.VALUE, organization.toString(), cursor);
    }
}
