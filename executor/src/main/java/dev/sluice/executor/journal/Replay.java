package dev.sluice.executor.journal;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a journal still says once its checkpoints are taken into account. Superseded is an entry inside a closed task, in an
 * iteration at or before one that has a checkpoint, or in a list before the jump back that has one.
 *
 * @param byPath     entries that count
 * @param iterations highest iteration with a checkpoint, by the path of its loop
 * @param turns      highest jump back with a checkpoint, by the path of its list
 */
record Replay(Map<String, Entry> byPath, Map<String, Integer> iterations, Map<String, Integer> turns) {

    private static final char ITERATION = 'i';
    private static final char TURN = '~';

    static Replay of(List<Entry> entries) {
        Map<String, Entry> byPath = new HashMap<>();
        entries.forEach(entry -> byPath.put(entry.path(), entry));
        List<Heading> headings = entries.stream()
                .map(entry -> new Heading(entry.seq(), entry.kind(), entry.path(), 0))
                .toList();
        byPath.keySet().retainAll(surviving(headings).keySet());
        return new Replay(byPath, highest(headings, ITERATION), highest(headings, TURN));
    }

    /** The sequence numbers of the entries that count, by path. */
    static Map<String, Integer> surviving(List<Heading> headings) {
        Map<String, Integer> iterations = highest(headings, ITERATION);
        Map<String, Integer> turns = highest(headings, TURN);
        Map<String, Integer> seqs = new HashMap<>();
        Set<String> closed = new HashSet<>();
        for (Heading heading : headings) {
            seqs.put(heading.path(), heading.seq());
            char mark = mark(heading.path());
            if (heading.kind() == EntryKind.CHECKPOINT && mark != ITERATION && mark != TURN) {
                closed.add(heading.path());
            }
        }
        seqs.keySet().removeIf(path -> superseded(path, closed, iterations, turns));
        return seqs;
    }

    /** What the paths begin with that a checkpoint replaces; empty when it replaces all. */
    static String covered(String checkpoint) {
        char mark = mark(checkpoint);
        String outer = checkpoint.substring(0, checkpoint.lastIndexOf('/') + 1);
        return switch (mark) {
            case TURN -> outer;
            case ITERATION -> outer + ITERATION;
            default -> checkpoint + '/';
        };
    }

    private static Map<String, Integer> highest(List<Heading> headings, char mark) {
        Map<String, Integer> highest = new HashMap<>();
        for (Heading heading : headings) {
            String path = heading.path();
            if (heading.kind() == EntryKind.CHECKPOINT && mark(path) == mark) {
                int segment = path.lastIndexOf('/');
                String outer = segment < 0 ? "" : path.substring(0, segment);
                highest.merge(outer, Integer.parseInt(path.substring(segment + 2)), Math::max);
            }
        }
        return highest;
    }

    /** How the last segment begins. */
    private static char mark(String path) {
        return path.charAt(path.lastIndexOf('/') + 1);
    }

    private static boolean superseded(
            String path, Set<String> closed, Map<String, Integer> iterations, Map<String, Integer> turns) {
        if (turned(path, "", turns)) {
            return true;
        }
        for (int end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
            String outer = path.substring(0, end);
            if (closed.contains(outer) || passed(path, outer, iterations) || turned(path, outer, turns)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the path is in an iteration of the loop that a checkpoint covers, other than that checkpoint itself. */
    private static boolean passed(String path, String loop, Map<String, Integer> iterations) {
        Integer last = iterations.get(loop);
        int start = loop.length() + 1;
        if (last == null || path.charAt(start) != ITERATION) {
            return false;
        }
        int end = path.indexOf('/', start);
        int index = Integer.parseInt(path.substring(start + 1, end < 0 ? path.length() : end));
        return index < last || (index == last && end >= 0);
    }

    /** Whether the path is in a turn of the list before the one that has a checkpoint. */
    private static boolean turned(String path, String list, Map<String, Integer> turns) {
        Integer last = turns.get(list);
        if (last == null) {
            return false;
        }
        int start = list.isEmpty() ? 0 : list.length() + 1;
        int end = path.indexOf('/', start);
        String segment = path.substring(start, end < 0 ? path.length() : end);
        int mark = segment.indexOf(TURN);
        return (mark < 0 ? 0 : Integer.parseInt(segment.substring(mark + 1))) < last;
    }
}
