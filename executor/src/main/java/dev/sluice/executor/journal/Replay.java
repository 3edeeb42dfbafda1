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
        entries.forEach(entry -> byPath.put(entry.path(), entry));
        List<Heading> headings = entries.stream()
                .map(entry -> new Heading(entry.seq(), entry.kind(), entry.path()))
                .toList();
        byPath.keySet().retainAll(surviving(headings).keySet());
        return new Replay(byPath, iterations(headings));
    }

    /** The sequence numbers of the entries that count, by path. */
    static Map<String, Integer> surviving(List<Heading> headings) {
        Map<String, Integer> iterations = iterations(headings);
        Map<String, Integer> seqs = new HashMap<>();
        Set<String> closed = new HashSet<>();
        for (Heading heading : headings) {
            seqs.put(heading.path(), heading.seq());
            if (heading.kind() == EntryKind.CHECKPOINT && !iteration(heading.path())) {
                closed.add(heading.path());
            }
        }
        seqs.keySet().removeIf(path -> superseded(path, closed, iterations));
        return seqs;
    }

    private static Map<String, Integer> iterations(List<Heading> headings) {
        Map<String, Integer> iterations = new HashMap<>();
        for (Heading heading : headings) {
            String path = heading.path();
            if (heading.kind() == EntryKind.CHECKPOINT && iteration(path)) {
                int segment = path.lastIndexOf('/');
                iterations.merge(path.substring(0, segment), Integer.parseInt(path.substring(segment + 2)), Math::max);
            }
        }
        return iterations;
    }

    private static boolean iteration(String path) {
        return path.charAt(path.lastIndexOf('/') + 1) == 'i';
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
