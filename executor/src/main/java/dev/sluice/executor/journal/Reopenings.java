package dev.sluice.executor.journal;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the entries about a run as a whole come to.
 *
 * @param count     how often the run went on after an end
 * @param last      when it did so last; timeouts of what is open begin anew then
 * @param retried   paths of effects that somebody has asked for again
 * @param keys      paths that the keys of such effects are made from, where it is not their own
 * @param suspended whether the run was suspended last and has not been resumed
 * @param left      references of the tasks that rest since then
 */
public record Reopenings(
        int count,
        @Nullable Instant last,
        Set<String> retried,
        Map<String, String> keys,
        boolean suspended,
        List<String> left) {

    public Reopenings {
        retried = Set.copyOf(retried);
        keys = Map.copyOf(keys);
        left = List.copyOf(left);
    }

    static Reopenings of(List<Entry> entries) {
        int count = 0;
        Instant last = null;
        @Nullable Entry latest = null;
        Set<String> retried = new HashSet<>();
        Map<String, String> keys = new HashMap<>();
        for (Entry entry : entries) {
            if (entry.kind() == EntryKind.REOPENED) {
                count++;
                last = entry.at();
                add(Reopening.of(entry.payload()), retried, keys);
            }
            latest = entry.kind().ofRun() ? entry : latest;
        }
        @Nullable Entry rest = latest == null || latest.kind() != EntryKind.SUSPENDED ? null : latest;
        return new Reopenings(
                count, last, retried, keys, rest != null, rest == null ? List.of() : LeftTasks.of(rest.payload()));
    }

    /** From when a timeout counts that began at a logical time. */
    public Instant since(Instant began) {
        return last == null || began.isAfter(last) ? began : last;
    }

    private static void add(Reopening reopening, Set<String> retried, Map<String, String> keys) {
        switch (reopening) {
            case Reopening.Retry(@Nullable String failed, @Nullable String key) -> {
                if (failed != null) {
                    retried.add(failed);
                }
                if (failed != null && key != null) {
                    keys.put(failed, key);
                }
            }
            case Reopening.Rerun rerun -> {
                retried.removeIf(rerun::supersedes);
                keys.keySet().removeIf(rerun::supersedes);
            }
        }
    }
}
