package dev.sluice.executor.journal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/**
 * How much of a journal replay would have to read: what {@link Replay} finds at once, kept up to date entry by entry.
 * Entries come in their order. Not thread-safe.
 */
final class Extent {

    private final TreeMap<String, Heading> counting = new TreeMap<>();
    private long bytes;

    /** Takes an entry in; the sequence numbers of those that do not count any more because of it. */
    List<Integer> add(Heading heading) {
        List<Integer> superseded = new ArrayList<>();
        if (heading.kind().ofRun()) {
            return superseded;
        }
        if (heading.kind() == EntryKind.CHECKPOINT) {
            supersede(Replay.covered(heading.path()), superseded);
        }
        Heading former = counting.put(heading.path(), heading);
        bytes += heading.bytes();
        if (former != null) {
            bytes -= former.bytes();
            superseded.add(former.seq());
        }
        return superseded;
    }

    /** Entries that count. */
    int entries() {
        return counting.size();
    }

    /** Bytes of their payloads. */
    long bytes() {
        return bytes;
    }

    /** Whatever is there before a checkpoint came before it: all in the places it covers is replaced. */
    private void supersede(String covered, List<Integer> superseded) {
        Collection<Heading> inside = covered.isEmpty()
                ? counting.values()
                : counting.subMap(covered, true, covered + Character.MAX_VALUE, false)
                        .values();
        inside.forEach(heading -> {
            bytes -= heading.bytes();
            superseded.add(heading.seq());
        });
        inside.clear();
    }
}
