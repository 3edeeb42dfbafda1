package dev.sluice.executor.gathering;

import dev.sluice.shared.json.Json;
import io.r2dbc.spi.Connection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * What sets of one workflow have gathered, for conditions that go over it: read when it is asked for, and kept for the next event of the
 * batch while there is room. In the transaction of a delivery; for one thread at a time.
 */
final class Contents {

    /** Of sets that are kept, as text. */
    private static final long MOST_BYTES = 4L << 20;

    private final Connection connection;
    private final UUID gathering;
    private final Map<Long, ArrayNode> kept = new HashMap<>();
    private long bytes;

    Contents(Connection connection, UUID gathering) {
        this.connection = connection;
        this.gathering = gathering;
    }

    /** What each event of a set added, in their order; it is not to be changed, and ends with the next call. */
    Mono<ArrayNode> of(GrowingSet set) {
        ArrayNode known = kept.get(set.number());
        return known == null
                ? stored(set).collectList().map(values -> keep(set, values))
                : Mono.just(complete(known, set));
    }

    private Flux<JsonNode> stored(GrowingSet set) {
        return set.stored() == 0 ? Flux.empty() : SetStore.values(connection, gathering, set.number());
    }

    private ArrayNode keep(GrowingSet set, List<JsonNode> stored) {
        if (bytes + set.bytes() > MOST_BYTES) {
            kept.clear();
            bytes = 0;
        }
        ArrayNode values = Json.array().addAll(stored);
        kept.put(set.number(), values);
        bytes += set.bytes();
        return complete(values, set);
    }

    /** With what came since. */
    private static ArrayNode complete(ArrayNode values, GrowingSet set) {
        set.taken().stream()
                .skip(values.size() - set.stored())
                .forEach(offer -> values.add(offer.value().tree()));
        return values;
    }
}
