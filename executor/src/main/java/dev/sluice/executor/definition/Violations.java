package dev.sluice.executor.definition;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.problem.Violation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All that is wrong with one document, each once, with its place. Up to {@value #MOST} are told. */
final class Violations {

    private static final int MOST = 100;

    /** In characters; it may say what a document says. */
    private static final int LONGEST_DETAIL = 1_000;

    private static final Comparator<Violation> BY_PLACE = Comparator.comparingInt(Violations::lineOf)
            .thenComparingInt(violation -> violation.column() == null ? 0 : violation.column());

    private final Map<String, Place> places;
    private final Set<Violation> found = new LinkedHashSet<>();
    private int untold;

    Violations(Map<String, Place> places) {
        this.places = places;
    }

    /**
     * {@code  (did you mean 'while'?)}, or nothing when no candidate is near; also when so much is told that nobody would read it: looking
     * takes as long as there are candidates.
     */
    String didYouMean(String name, Collection<String> candidates) {
        return didYouMean(name, candidates, List.of());
    }

    /** The same with candidates of two kinds. */
    String didYouMean(String name, Collection<String> candidates, Collection<String> others) {
        if (found.size() >= MOST) {
            return "";
        }
        List<String> all = new ArrayList<>(candidates);
        all.addAll(others);
        return Suggestions.didYouMean(name, all);
    }

    /** Reports what is wrong with the value at a pointer. */
    void report(String pointer, String detail) {
        report(pointer, placeOf(pointer), detail);
    }

    /** Reports what is wrong at a place that the document's tree does not have. */
    void report(String pointer, @Nullable Place place, String detail) {
        String told = Pointers.told(pointer);
        String reason = detail.length() <= LONGEST_DETAIL ? detail : detail.substring(0, LONGEST_DETAIL) + '…';
        Violation violation =
                place == null ? Violation.at(told, reason) : new Violation(told, place.line(), place.column(), reason);
        if (found.size() < MOST) {
            found.add(violation);
        } else if (!found.contains(violation)) {
            untold++;
        }
    }

    /** The first in the order of the text. */
    Optional<Violation> first() {
        return found.stream().min(BY_PLACE);
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** Throws all violations at once, in the order of the text, when there are any. */
    void throwIfAny() {
        if (!found.isEmpty()) {
            throw exception();
        }
    }

    SluiceException exception() {
        List<Violation> all = new ArrayList<>(found);
        all.sort(BY_PLACE);
        int count = all.size() + untold;
        String told = untold == 0 ? "." : ", of which " + all.size() + " are listed.";
        String summary = "The workflow document has " + (count == 1 ? "one problem" : count + " problems") + told;
        return new SluiceException(ProblemType.INVALID_DOCUMENT, summary, all);
    }

    private @Nullable Place placeOf(String pointer) {
        String known = pointer;
        while (!places.containsKey(known) && !known.isEmpty()) {
            known = Pointers.parent(known);
        }
        return places.get(known);
    }

    private static int lineOf(Violation violation) {
        return violation.line() == null ? 0 : violation.line();
    }
}
