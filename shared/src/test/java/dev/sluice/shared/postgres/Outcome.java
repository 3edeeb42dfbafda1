package dev.sluice.shared.postgres;

import dev.sluice.shared.postgres.ItemTable.Item;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What the caller of an item was told. */
enum Outcome {
    STORED,
    REFUSED,
    UNAVAILABLE,
    CANCELLED;

    record Told(long id, Outcome outcome) {}

    /** Never an error, except for one that no caller should see. */
    static Mono<Told> submit(GroupCommit<Item, Long> commit, Item item) {
        return commit.submit(item)
                .map(id -> id == item.id() ? STORED : REFUSED)
                .onErrorResume(SluiceException.class, error -> Mono.just(of(error.type())))
                .map(outcome -> new Told(item.id(), outcome));
    }

    /** What all callers were told; an error when that takes too long. Blocks. */
    static List<Told> await(CompletableFuture<@Nullable List<Told>> callers, Duration deadline) {
        return Objects.requireNonNull(
                callers.orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS).join());
    }

    static Set<Long> ids(List<Told> told, Outcome... outcomes) {
        return told.stream()
                .filter(one -> List.of(outcomes).contains(one.outcome()))
                .map(Told::id)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Outcome of(ProblemType type) {
        return type == ProblemType.UNAVAILABLE ? UNAVAILABLE : REFUSED;
    }
}
