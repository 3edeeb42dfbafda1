package dev.sluice.executor.journal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What a journal still says once its reopenings and checkpoints are taken into account: an entry inside a closed task, or
 * in an iteration at or before one that has a checkpoint, is superseded, and so is what a reopening does again.
 *
 * @param byPath     entries that count
 * @param iterations highest iteration with a checkpoint, by the path of its loop
 */
record Replay(Map<String, Entry> byPath, Map<String, Integer> iterations) {

    static Replay of(List<Entry> entries) {
        Map<Integer, Entry> bySeq = new HashMap<>();
        entries.forEach(entry -> bySeq.put(entry.seq(), entry));
        List<Heading> headings = entries.stream().map(Heading::of).toList();
        Map<String, Entry> byPath = new HashMap<>();
        surviving(headings, Set.of()).forEach((path, seq) -> byPath.put(path, Objects.requireNonNull(bySeq.get(seq))));
        return new Replay(byPath, iterations(open(headings, Set.of())));
    }

    /**
     * The sequence numbers of the entries that count, by path.
     *
     * @param unfolded place hashes of tasks whose checkpoints shall not count, so that what is inside does
     */
    static Map<String, Integer> surviving(List<Heading> headings, Set<Integer> unfolded) {
        List<Heading> counting = open(headings, unfolded);
        Map<String, Integer> iterations = iterations(counting);
        Map<String, Integer> seqs = new HashMap<>();
        Set<String> closed = new HashSet<>();
        for (Heading heading : counting) {
            seqs.put(heading.path(), heading.seq());
            if (heading.kind() == EntryKind.CHECKPOINT && !iteration(heading.path())) {
                closed.add(heading.path());
            }
        }
        seqs.keySet().removeIf(path -> superseded(path, closed, iterations));
        return seqs;
    }

    /** Without what reopenings have superseded, also where it had closed what is inside it. */
    private static List<Heading> open(List<Heading> headings, Set<Integer> unfolded) {
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
