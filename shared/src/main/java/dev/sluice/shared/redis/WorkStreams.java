package dev.sluice.shared.redis;

import dev.sluice.shared.id.Ids;
import dev.sluice.shared.pressure.Bound;
import dev.sluice.shared.pressure.PressureSource;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Work from gateways to executors: ids of events, one Redis stream per organization, taken in turns. Delivery is at least
 * once, and Redis may lose everything at any time: PostgreSQL knows what has no receipt. Each method is one round trip;
 * while Redis is away each fails with {@link SluiceException} {@code UNAVAILABLE} within the command's timeout.
 * Thread-safe.
 */
public final class WorkStreams {

    private static final String GENERATION = "sluice:generation";
    private static final int MOST_PER_TURN = 16;
    private static final int FIELDS = 3;

    private final Redis redis;
    private final String maxStreamLength;

    /** Streams of at most {@code maxStreamLength} entries per organization. */
    public WorkStreams(Redis redis, int maxStreamLength) {
        if (maxStreamLength < 1) {
            throw new IllegalArgumentException("maxStreamLength: " + maxStreamLength + " (expected: > 0)");
        }
        this.redis = redis;
        this.maxStreamLength = Integer.toString(maxStreamLength);
    }

    /**
     * Adds ids in their order; one that is there and not acknowledged yet is not added again.
     *
     * @return how many are there now, from the first on; when the stream is full the rest stays in PostgreSQL, which is no
     *     error.
     */
    public Mono<Integer> publish(OrganizationId organization, List<UUID> ids) {
        if (ids.isEmpty()) {
            return Mono.just(0);
        }
        String[] arguments = Stream.concat(
                        Stream.of(organization.toString(), maxStreamLength),
                        ids.stream().map(UUID::toString))
                .toArray(String[]::new);
        return redis.<Long>call(WorkScripts.PUBLISH, ScriptOutputType.INTEGER, arguments)
                .map(Long::intValue);
    }

    /** Takes up to {@code permits} items, from whichever organization. */
    public Mono<List<WorkItem>> take(String consumer, int permits) {
        return take(consumer, permits, permits, List.of());
    }

    /**
     * Takes up to {@code permits} items, a few from each organization in turn and in proportion to their weights, so that
     * the flood of one does not delay another; none of an organization without room, whose items stay where they are. Does
     * not wait: empty when there are none. Items taken by a call that was cancelled or failed come back through
     * {@link #reclaim}.
     *
     * @param room       most items of an organization that is not named; such a one has weight 1
     * @param allowances organizations of which something else holds
     */
    public Mono<List<WorkItem>> take(String consumer, int permits, int room, Collection<Allowance> allowances) {
        if (permits < 1) {
            return Mono.just(List.of());
        }
        String[] arguments = Stream.concat(
                        Stream.of(
                                consumer,
                                Integer.toString(permits),
                                Integer.toString(MOST_PER_TURN),
                                Integer.toString(room)),
                        allowances.stream()
                                .flatMap(allowance -> Stream.of(
                                        allowance.organization().toString(),
                                        Integer.toString(allowance.weight()),
                                        Integer.toString(allowance.room()))))
                .toArray(String[]::new);
        return items(WorkScripts.TAKE, arguments);
    }

    /** Removes items for good. Those that are gone already do not matter. */
    public Mono<Void> acknowledge(List<WorkItem> items) {
        if (items.isEmpty()) {
            return Mono.empty();
        }
        String[] arguments = items.stream()
                .flatMap(item -> Stream.of(
                        item.organization().toString(),
                        item.entryId(),
                        item.eventId().toString()))
                .toArray(String[]::new);
        return redis.<Long>call(WorkScripts.ACKNOWLEDGE, ScriptOutputType.INTEGER, arguments)
                .then();
    }

    /**
     * Takes over up to {@code max} items that some consumer took at least {@code idle} ago and did not acknowledge, and
     * forgets consumers that hold nothing and have been idle as long. Choose {@code idle} longer than any living
     * consumer takes from taking to acknowledging.
     */
    public Mono<List<WorkItem>> reclaim(String consumer, Duration idle, int max) {
        return items(WorkScripts.RECLAIM, consumer, Long.toString(idle.toMillis()), Integer.toString(max));
    }

    /**
     * Hints that there may be work. Lossy (a slow subscriber, an outage): poll as well. Goes on through outages; one
     * hint when Redis is there (again).
     */
    public Flux<Signal> wakeups() {
        return redis.signals().onBackpressureLatest();
    }

    /** The generation of Redis' data; gone or changed means that data was lost. */
    public Mono<Optional<String>> generation() {
        return redis.ask(commands -> commands.get(GENERATION)).map(Optional::of).defaultIfEmpty(Optional.empty());
    }

    /** Starts a new generation and returns it. */
    public Mono<String> renewGeneration() {
        return Mono.fromSupplier(() -> Ids.next().toString())
                .flatMap(next ->
                        redis.ask(commands -> commands.set(GENERATION, next)).thenReturn(next));
    }

    /** Entries in all streams, whether taken or not, that are not acknowledged. */
    public Mono<Long> backlog() {
        return redis.call(WorkScripts.BACKLOG, ScriptOutputType.INTEGER);
    }

    /** Organizations whose streams have more than so many entries. */
    public Mono<List<OrganizationId>> longerThan(int entries) {
        return redis.<List<String>>call(WorkScripts.LONGER, ScriptOutputType.MULTI, Integer.toString(entries))
                .map(found -> found.stream().map(OrganizationId::of).toList());
    }

    /** Most entries of one organization's stream. */
    public int maxLength() {
        return Integer.parseInt(maxStreamLength);
    }

    /** Entries of one organization's stream. */
    public Mono<Long> backlog(OrganizationId organization) {
        return redis.ask(commands -> commands.xlen(WorkScripts.stream(organization)));
    }

    /** The streams: of one organization, or of all together, which have no limit together. */
    public PressureSource pressure() {
        return viewer -> viewer.scope() == Principal.Scope.PLATFORM
                ? backlog().map(length -> List.of(new Bound("streams", null, length, null)))
                : backlog(viewer.organization())
                        .map(length ->
                                List.of(new Bound("stream.organization", Long.valueOf(maxStreamLength), length, null)));
    }

    private Mono<List<WorkItem>> items(Script script, String... arguments) {
        return redis.<List<String>>call(script, ScriptOutputType.MULTI, arguments)
                .map(WorkStreams::items);
    }

    private static List<WorkItem> items(List<String> fields) {
        List<WorkItem> items = new ArrayList<>(fields.size() / FIELDS);
        for (int i = 0; i < fields.size(); i += FIELDS) {
            UUID event = UUID.fromString(fields.get(i + 2));
            items.add(new WorkItem(OrganizationId.of(fields.get(i)), event, fields.get(i + 1)));
        }
        return List.copyOf(items);
    }
}
