package dev.sluice.shared.redis;

import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * Values that are kept for a while in order not to be made again. Each belongs to a thing and is one of a few variants of it;
 * how much one owner keeps is bounded. Redis may lose them. Thread-safe.
 */
public final class KeptValues {

    /** Most variants of one thing; one more, and those before are forgotten. */
    static final int VARIANTS = 20;

    /** owner, thing, variant, value, milliseconds, bytes an owner may keep in that time → whether it is kept */
    private static final Script PUT = Script.of("""
            local owner = 'sluice:kept:' .. ARGV[1]
            local used = redis.call('INCRBY', owner, #ARGV[4])
            if used == #ARGV[4] then redis.call('PEXPIRE', owner, ARGV[5]) end
            if used > tonumber(ARGV[6]) then
              redis.call('DECRBY', owner, #ARGV[4])
              return 0
            end
            local thing = 'sluice:kept:' .. ARGV[1] .. ':' .. ARGV[2]
            if redis.call('HLEN', thing) >= %d then redis.call('UNLINK', thing) end
            redis.call('HSET', thing, ARGV[3], ARGV[4])
            redis.call('PEXPIRE', thing, ARGV[5])
            return 1
            """.formatted(VARIANTS));

    private final Redis redis;

    /** In that Redis. */
    public KeptValues(Redis redis) {
        this.redis = redis;
    }

    /** One variant of a thing, if it is kept; {@code UNAVAILABLE} when Redis does not answer in time. */
    public Mono<Optional<String>> find(String owner, String thing, String variant) {
        return redis.ask(commands -> commands.hget(key(owner, thing), variant))
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty());
    }

    /**
     * Keeps a variant so long, with all other variants of the thing.
     *
     * @param keep     the same for all that the owner keeps, else more bytes may be there than are allowed
     * @param maxBytes that the owner may put in a time of that length; so there are twice as many at most
     * @return false when the owner keeps as much as it may
     */
    public Mono<Boolean> put(String owner, String thing, String variant, String value, Duration keep, long maxBytes) {
        return redis.<Long>call(
                        PUT,
                        ScriptOutputType.INTEGER,
                        owner,
                        thing,
                        variant,
                        value,
                        Long.toString(keep.toMillis()),
                        Long.toString(maxBytes))
                .map(kept -> kept == 1);
    }

    /** Forgets a thing in all its variants. */
    public Mono<Void> forget(String owner, String thing) {
        return redis.ask(commands -> commands.unlink(key(owner, thing))).then();
    }

    private static String key(String owner, String thing) {
        return "sluice:kept:" + owner + ":" + thing;
    }
}
