package dev.sluice.executor.journal;

import dev.sluice.shared.json.EncodedJson;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way to the database.
 *
 * @param depth       what counts as its run's depth; absent for how many runs before that started one another
 * @param conditional whether it is stored only if somebody listens for its type
 */
public record Stored(
        UUID id, @Nullable Integer depth, String source, String type, EncodedJson envelope, boolean conditional) {

    /** An event of a run's lifecycle, as it is stored for those who listen. */
    public static Stored told(Emission event) {
        return of(event, true);
    }

    private static Stored of(Emission emission, boolean conditional) {
        return new Stored(
                emission.id(),
                emission.depth(),
                emission.event().path("source").asString(),
                emission.event().path("type").asString(),
                EncodedJson.of(emission.event()),
                conditional);
    }

    /** What an entry has stored besides itself: the event that it is, and those that are told with it. */
    static List<Stored> with(Noted noted) {
        Entry entry = noted.entry();
        boolean emits = Emission.isOf(entry);
        if (!emits && noted.told().isEmpty()) {
            return List.of();
        }
        List<Stored> all = new ArrayList<>();
        if (emits) {
            all.add(of(Emission.of(entry.payload()), entry.kind().ofRun()));
        }
        noted.told().forEach(event -> all.add(told(event)));
        return all;
    }
}
