package dev.sluice.executor.run;

import dev.sluice.shared.tenancy.OrganizationId;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * Finds the organizations whose runs are due, at a cost that is bounded whatever waits.
 *
 * <p>The first runs by time show all of them while little is due. When more is due than that shows, the flood of one may hide
 * another: then it goes round the organizations by id too, some at a time, so that each comes up. For one look at a time.
 */
final class Turns {

    /** First runs by time that are looked at. */
    static final int WINDOW = 1_000;

    /** Organizations by id in one look. */
    static final int ROUND = 1_000;

    private static final UUID BEGINNING = new UUID(0, 0);

    private final DueStore store;
    private volatile UUID position = BEGINNING;
    private volatile UUID served = BEGINNING;

    Turns(DueStore due) {
        this.store = due;
    }

    /**
     * Organizations with due runs, each with about how many, at least one; first those after the last one that was served.
     */
    Mono<Map<OrganizationId, Integer>> due() {
        return store.due(WINDOW).flatMap(first -> {
            int seen = first.values().stream().mapToInt(Integer::intValue).sum();
            return seen < WINDOW ? Mono.just(first) : round().map(others -> merged(first, others));
        });
    }

    /** Puts those in front that come after the last one served. */
    <T> List<T> inTurn(List<T> entries, Function<T, OrganizationId> organization) {
        UUID last = served;
        return entries.stream()
                .sorted(Comparator.<T, Boolean>comparing(
                                entry -> organization.apply(entry).value().compareTo(last) <= 0)
                        .thenComparing(entry -> organization.apply(entry).value()))
                .toList();
    }

    /** The next look begins after this one. */
    void served(OrganizationId last) {
        served = last.value();
    }

    private Mono<List<DueStore.Waiting>> round() {
        return store.waiting(position, ROUND)
                .doOnNext(found -> position = found.size() < ROUND
                        ? BEGINNING
                        : found.getLast().organization().value());
    }

    /** How many the window did not show of one that has filled it, nobody knows. */
    private static Map<OrganizationId, Integer> merged(
            Map<OrganizationId, Integer> first, List<DueStore.Waiting> others) {
        Map<OrganizationId, Integer> all = new LinkedHashMap<>();
        first.keySet().forEach(organization -> all.put(organization, WINDOW));
        others.stream()
                .filter(DueStore.Waiting::due)
                .forEach(waiting -> all.putIfAbsent(waiting.organization(), WINDOW));
        return all;
    }
}
