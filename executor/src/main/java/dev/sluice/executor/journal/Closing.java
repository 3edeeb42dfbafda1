package dev.sluice.executor.journal;

import dev.sluice.shared.json.EncodedJson;
import java.util.List;

/**
 * The last entries of a run, committed in the statement that ends it: outcome and end are one write.
 *
 * @param payloads of the entries, in their order, as they are stored
 */
public record Closing(List<Entry> entries, List<EncodedJson> payloads) {

    /** Everything is written. */
    public static final Closing NONE = new Closing(List.of(), List.of());

    public Closing {
        entries = List.copyOf(entries);
        payloads = List.copyOf(payloads);
    }

    static Closing of(List<Entry> entries) {
        return new Closing(
                entries,
                entries.stream().map(entry -> EncodedJson.of(entry.payload())).toList());
    }

    /** Bytes of the payloads. */
    public long bytes() {
        return payloads.stream().mapToLong(EncodedJson::size).sum();
    }
}
