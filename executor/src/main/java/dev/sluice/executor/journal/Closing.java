package dev.sluice.executor.journal;

import dev.sluice.shared.json.EncodedJson;
import java.util.List;
import java.util.stream.Stream;

/**
 * The last entries of a run, committed in the statement that ends it: outcome and end are one write.
 *
 * @param payloads of the entries, in their order, as they are stored
 * @param told     events of the run's lifecycle that are stored with the end, if somebody listens for them
 */
public record Closing(List<Entry> entries, List<EncodedJson> payloads, List<Stored> told) {

    /** Everything is written. */
    public static final Closing NONE = new Closing(List.of(), List.of(), List.of());

    public Closing {
        entries = List.copyOf(entries);
        payloads = List.copyOf(payloads);
        told = List.copyOf(told);
    }

    static Closing of(List<Entry> entries, List<Emission> told) {
        return new Closing(
                entries,
                entries.stream().map(entry -> EncodedJson.of(entry.payload())).toList(),
                told.stream().map(Stored::told).toList());
    }

    /** The same without the entries. */
    public Closing withoutEntries() {
        return entries.isEmpty() ? this : new Closing(List.of(), List.of(), told);
    }

    /** The same with further events. */
    public Closing telling(List<Emission> more) {
        return more.isEmpty()
                ? this
                : new Closing(
                        entries,
                        payloads,
                        Stream.concat(told.stream(), more.stream().map(Stored::told))
                                .toList());
    }

    /** Bytes of the payloads. */
    public long bytes() {
        return payloads.stream().mapToLong(EncodedJson::size).sum();
    }
}
