package dev.sluice.shared.redis;

import dev.sluice.shared.problem.SluiceException;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.retry.Retry;

/**
 * The connection to Redis. Making one neither blocks nor fails when Redis is away: it connects in the background, again
 * and again, and reconnects by itself later. While Redis is away, or when it does not answer in time, or when more
 * commands are under way than the bound, a command fails with {@link SluiceException} {@code UNAVAILABLE}; nothing is
 * kept for later, so a failed command may have had its effect but never has it afterwards. Thread-safe.
 */
public final class Redis implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Redis.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(100);
    private static final Duration LAST_RETRY = Duration.ofSeconds(2);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final RedisClient client;
    private final RedisURI uri;
    private final AtomicReference<@Nullable StatefulRedisConnection<String, String>> connection =
            new AtomicReference<>();
    private final Sinks.Many<Signal> signals = Sinks.many().multicast().directBestEffort();
    private final Disposable.Composite connecting = Disposables.composite();

    /** Starts connecting. */
    public Redis(RedisSettings settings) {
        this.uri = RedisURI.create(settings.url());
        uri.setTimeout(settings.commandTimeout());
        this.client = RedisClient.create(uri);
        client.setOptions(options(settings));
        boolean first = connecting.add(keepTrying(() -> client.connectAsync(StringCodec.UTF8, uri))
                .subscribe(connection::set, Redis::neverHappens));
        boolean second = connecting.add(keepTrying(() -> client.connectPubSubAsync(StringCodec.UTF8, uri))
                .flatMap(this::listen)
                .subscribe(done -> {}, Redis::neverHappens));
        if (!first || !second) {
            throw new IllegalStateException("a new composite is not disposed");
        }
    }

    /** Calls a script; by its text when Redis does not know it yet. Cancelling does not undo what it did. */
    <T> Mono<T> call(Script script, ScriptOutputType type, String... arguments) {
        return command(commands -> commands.<T>evalsha(script.digest(), type, new String[0], arguments))
                .onErrorResume(
                        RedisNoScriptException.class,
                        unknown -> command(commands -> commands.eval(script.text(), type, new String[0], arguments)))
                .onErrorMap(Redis::translate);
    }

    /** Calls a command; empty when it answers nil. */
    <T> Mono<T> ask(Function<RedisAsyncCommands<String, String>, CompletionStage<T>> command) {
        return command(command).onErrorMap(Redis::translate);
    }

    /** Hints, lost by a subscriber that is not ready for them and while Redis is away. Never ends by itself. */
    Flux<Signal> signals() {
        return signals.asFlux();
    }

    /** Closes the connections in the background; commands under way fail. */
    @Override
    public void close() {
        connecting.dispose();
        CompletableFuture<Void> ignored = client.shutdownAsync();
    }

    private <T> Mono<T> command(Function<RedisAsyncCommands<String, String>, CompletionStage<T>> command) {
        return Mono.defer(() -> {
            StatefulRedisConnection<String, String> current = connection.get();
            return current == null
                    ? Mono.error(unavailable(null))
                    : Mono.fromCompletionStage(command.apply(current.async()));
        });
    }

    private static <T> Mono<T> keepTrying(Supplier<CompletionStage<T>> connect) {
        return Mono.fromCompletionStage(connect)
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_RETRY)
                        .maxBackoff(LAST_RETRY)
                        .doBeforeRetry(signal ->
                                LOG.atDebug().setCause(signal.failure()).log("Redis is away")));
    }

    /** Lettuce subscribes again by itself after a reconnection, which comes back as a new subscription. */
    private Mono<Void> listen(StatefulRedisPubSubConnection<String, String> listening) {
        listening.addListener(new RedisPubSubAdapter<>() {
            @Override
            public void message(String channel, String message) {
                signal(Signal.PUBLISHED);
            }

            @Override
            public void subscribed(String channel, long count) {
                signal(Signal.CONNECTED);
            }
        });
        return keepTrying(() -> listening.async().subscribe(WorkScripts.WAKEUP_CHANNEL));
    }

    /** A hint that does not get through is lost: its readers poll as well. */
    private void signal(Signal signal) {
        Sinks.EmitResult ignored = signals.tryEmitNext(signal);
    }

    private static ClientOptions options(RedisSettings settings) {
        return ClientOptions.builder()
                .autoReconnect(true)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .replayFilter(command -> !"SUBSCRIBE".equals(command.getType().toString()))
                .requestQueueSize(settings.requestQueueSize())
                .timeoutOptions(TimeoutOptions.enabled(settings.commandTimeout()))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(settings.commandTimeout())
                        .keepAlive(true)
                        .build())
                .build();
    }

    private static Throwable translate(Throwable error) {
        return error instanceof SluiceException ? error : unavailable(error);
    }

    private static SluiceException unavailable(@Nullable Throwable cause) {
        return SluiceException.unavailable("The work queue (Redis) cannot be reached right now.", RETRY_AFTER, cause);
    }

    private static void neverHappens(Throwable error) {
        LOG.atError().setCause(error).log("Redis: connecting ended");
    }
}
