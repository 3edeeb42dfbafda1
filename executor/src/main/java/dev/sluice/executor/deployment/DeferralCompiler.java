package dev.sluice.executor.deployment;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.executor.definition.Deferral;
import dev.sluice.executor.engine.Deferrals;
import dev.sluice.executor.engine.FairTurns;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import reactor.core.publisher.Mono;

/**
 * Compiles what is compiled when a run gets there, once for all runs that have the same documents for it; some hundreds of the latest
 * are kept, fewer if their documents are large. {@value #AT_ONCE} runs have their documents in memory at a time, of one organization half
 * of that. Thread-safe.
 */
public final class DeferralCompiler implements Deferrals {

    private static final int MAX_COMPILED = 200;

    /** Of the documents of those that are kept, in bytes: what is compiled may hold them as trees, which are many times as large. */
    private static final int MAX_BYTES = 8 << 20;

    private static final int LEAST_BYTES = MAX_BYTES / MAX_COMPILED;
    private static final int AT_ONCE = 32;
    private static final int WAITING = 20_000;
    private static final Duration KEPT = Duration.ofMinutes(10);

    private final AsyncCache<Key<?>, Deferral.Outcome<?>> compiled = Caffeine.newBuilder()
            .maximumWeight(MAX_BYTES)
            .weigher(DeferralCompiler::weight)
            .expireAfterAccess(KEPT)
            .executor(Runnable::run)
            .buildAsync();

    private final FairTurns turns = new FairTurns(AT_ONCE, WAITING);

    /** Has nothing compiled yet. */
    public DeferralCompiler() {}

    /**
     * What is compiled with what.
     *
     * @param digest of the addresses and the documents
     * @param bytes  that the documents have
     */
    private record Key<T>(Deferral<T> deferral, ByteBuffer digest, int bytes) {}

    @Override
    public <T> Mono<T> inTurn(OrganizationId organization, Mono<T> work) {
        return turns.inTurn(organization, work);
    }

    @Override
    public <T> Mono<Deferral.Outcome<T>> compile(
            Deferral<T> deferral, Map<String, URI> found, Map<URI, byte[]> documents) {
        return Mono.fromSupplier(() -> new Key<>(deferral, digest(found, documents), bytes(documents)))
                .subscribeOn(CompilerThreads.ALL)
                .flatMap(key -> compiled(key, Mono.fromSupplier(() -> deferral.compile(found, documents))))
                .onErrorMap(RejectedExecutionException.class, e -> full());
    }

    /** Who asks for what is being compiled waits for it, and nobody's leaving ends it. */
    @SuppressWarnings("unchecked") // a key's outcome is of what its deferral gives
    private <T> Mono<Deferral.Outcome<T>> compiled(Key<T> key, Mono<Deferral.Outcome<T>> compiling) {
        return Mono.fromFuture(
                        () -> compiled.get(
                                key,
                                (same, executor) -> compiling
                                        .<Deferral.Outcome<?>>map(outcome -> outcome)
                                        .subscribeOn(CompilerThreads.FOR_RUNS)
                                        .toFuture()),
                        true)
                .map(outcome -> (Deferral.Outcome<T>) outcome);
    }

    private static SluiceException full() {
        return new SluiceException(ProblemType.UNAVAILABLE, "Too many tasks wait to be compiled on this node.");
    }

    /** Nothing else holds on to its documents. */
    private static int weight(Key<?> key, Deferral.Outcome<?> outcome) {
        return outcome instanceof Deferral.Outcome.Known ? Math.max(LEAST_BYTES, key.bytes()) : LEAST_BYTES;
    }

    private static int bytes(Map<URI, byte[]> documents) {
        return documents.values().stream().mapToInt(content -> content.length).sum();
    }

    private static ByteBuffer digest(Map<String, URI> found, Map<URI, byte[]> documents) {
        MessageDigest digest = Ids.sha256();
        new TreeMap<>(found).forEach((pointer, uri) -> {
            add(digest, pointer.getBytes(StandardCharsets.UTF_8));
            add(digest, uri.toString().getBytes(StandardCharsets.UTF_8));
        });
        new TreeMap<>(documents).forEach((uri, content) -> {
            add(digest, uri.toString().getBytes(StandardCharsets.UTF_8));
            add(digest, content);
        });
        return ByteBuffer.wrap(digest.digest());
    }

    private static void add(MessageDigest digest, byte[] part) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, part.length));
        digest.update(part);
    }
}
