package dev.sluice.executor.journal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What a journal still says once its reopenings and checkpoints are taken into account. Superseded is an entry inside a
 * closed task, in an iteration at or before one that has a checkpoint, in a list before the jump back that has one, and what
 * a reopening does again.
 *
 * @param byPath     entries that count
 * @param iterations highest iteration with a checkpoint, by the path of its loop
 * @param turns      highest jump back with a checkpoint, by the path of its list
 */
record Replay(Map<String, Entry> byPath, Map<String, Integer> iterations, Map<String, Integer> turns) {

    private static final char ITERATION = 'i';
    private static final char TURN = '~';

    /** What happened to the run as a whole is in no task. */
    private static final char OF_RUN = '!';

    static Replay of(List<Entry> entries) {
        Map<Integer, Entry> bySeq = new HashMap<>();
        entries.forEach(entry -> bySeq.put(entry.seq(), entry));
        List<Heading> headings = entries.stream().map(Heading::of).toList();
        Map<String, Entry> byPath = new HashMap<>();
        surviving(headings, Set.of()).forEach((path, seq) -> byPath.put(path, Objects.requireNonNull(bySeq.get(seq))));
        List<Heading> counting = open(headings, Set.of());
        return new Replay(byPath, highest(counting, ITERATION), highest(counting, TURN));
    }

    /**
     * The sequence numbers of the entries that count, by path.
     *
     * @param unfolded place hashes of tasks whose checkpoints shall not count, so that what is inside does
     */
    static Map<String, Integer> surviving(List<Heading> headings, Set<Integer> unfolded) {
        List<Heading> counting = open(headings, unfolded);
        Map<String, Integer> iterations = highest(counting, ITERATION);
        Map<String, Integer> turns = highest(counting, TURN);
        Map<String, Integer> seqs = new HashMap<>();
        Set<String> closed = new HashSet<>();
        for (Heading heading : counting) {
            seqs.put(heading.path(), heading.seq());
            char mark = mark(heading.path());
            if (heading.kind() == EntryKind.CHECKPOINT && mark != ITERATION && mark != TURN) {
                closed.add(heading.path());
            }
        }
        seqs.keySet().removeIf(path -> superseded(path, closed, iterations, turns));
        return seqs;
    }

    /** Without what reopenings have superseded, also where it had closed what is inside it. */
    static List<Heading> open(List<Heading> headings, Set<Integer> unfolded) {
        List<Heading> counting = new ArrayList<>(headings.size());
        for (Heading heading : headings) {
            Reopening reopening = heading.reopening();
            if (reopening != null) {
                counting.removeIf(former -> !former.kind().ofRun() && reopening.supersedes(former.path()));
            }
            if (heading.kind() != EntryKind.CHECKPOINT || !unfolded.contains(heading.placeHash())) {
                counting.add(heading);
            }
        }
        return counting;
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
        if (path.charAt(0) == OF_RUN) {
            return false;
        }
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
