package dev.sluice.executor.journal;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a journal still says once its checkpoints are taken into account: an entry inside a closed task, or in an iteration
 * at or before one that has a checkpoint, is superseded.
 *
 * @param byPath     entries that count
 * @param iterations highest iteration with a checkpoint, by the path of its loop
 */
record Replay(Map<String, Entry> byPath, Map<String, Integer> iterations) {

    static Replay of(List<Entry> entries) {
        Map<String, Entry> byPath = new HashMap<>();
        Map<String, Integer> iterations = new HashMap<>();
        Set<String> closed = new HashSet<>();
        for (Entry entry : entries) {
            byPath.put(entry.path(), entry);
            if (entry.kind() == EntryKind.CHECKPOINT) {
                int segment = entry.path().lastIndexOf('/') + 1;
                if (entry.path().charAt(segment) == 'i') {
                    int index = Integer.parseInt(entry.path().substring(segment + 1));
                    iterations.merge(entry.path().substring(0, segment - 1), index, Math::max);
                } else {
                    closed.add(entry.path());
                }
            }
        }
        byPath.keySet().removeIf(path -> superseded(path, closed, iterations));
        return new Replay(byPath, iterations);
    }

    private static boolean superseded(String path, Set<String> closed, Map<String, Integer> iterations) {
        for (int end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
            String outer = path.substring(0, end);
            if (closed.contains(outer) || passed(path, outer, iterations)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the path is in an iteration of the loop that a checkpoint covers, other than that checkpoint itself. */
    private static boolean passed(String path, String loop, Map<String, Integer> iterations) {
        Integer last = iterations.get(loop);
        int start = loop.length() + 1;
        if (last == null || path.charAt(start) != 'i') {
            return false;
        }
        int end = path.indexOf('/', start);
        int index = Integer.parseInt(path.substring(start + 1, end < 0 ? path.length() : end));
        return index < last || (index == last && end >= 0);
    }
}
