package dev.sluice.shared.postgres;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A database of integers: does what the next line of its script says, and stores everything when there is none. */
final class ScriptedFlush implements GroupCommit.Flush<Integer, String> {

    final List<List<Integer>> writes = new CopyOnWriteArrayList<>();
    final List<List<Integer>> readBacks = new CopyOnWriteArrayList<>();
    final List<Integer> stored = Collections.synchronizedList(new ArrayList<>());
    private final ConcurrentLinkedQueue<Function<List<Integer>, Mono<List<String>>>> script =
            new ConcurrentLinkedQueue<>();
    private volatile Function<List<Integer>, @Nullable Throwable> rule = batch -> null;
    private volatile Supplier<Mono<Void>> beforeReadBack = Mono::empty;

    /** The next write that nothing was said about does this instead. */
    @CanIgnoreReturnValue
    ScriptedFlush then(Function<List<Integer>, Mono<List<String>>> write) {
        script.add(write);
        return this;
    }

    void beforeReadBack(Supplier<Mono<Void>> action) {
        this.beforeReadBack = action;
    }

    /** Writes of which the rule makes an error fail with it, whatever the script says. */
    void refuse(Function<List<Integer>, @Nullable Throwable> rule) {
        this.rule = rule;
    }

    /** An item has as many bytes as its number says. */
    @Override
    public long bytes(Integer item) {
        return item;
    }

    @Override
    public Mono<List<String>> write(List<Integer> batch) {
        writes.add(batch);
        var line = script.poll();
        return line == null ? store(batch) : line.apply(batch);
    }

    @Override
    public Mono<List<Optional<String>>> readBack(List<Integer> batch) {
        readBacks.add(batch);
        return beforeReadBack.get().then(Mono.fromSupplier(() -> {
            List<Optional<String>> found = new ArrayList<>();
            batch.forEach(item -> found.add(stored.contains(item) ? Optional.of(result(item)) : Optional.empty()));
            return found;
        }));
    }

    Mono<List<String>> store(List<Integer> batch) {
        return Mono.defer(() -> {
            Throwable refusal = rule.apply(batch);
            if (refusal != null) {
                return Mono.error(refusal);
            }
            stored.addAll(batch);
            return Mono.just(batch.stream().map(ScriptedFlush::result).toList());
        });
    }

    static String result(int item) {
        return "row " + item;
    }
}
