package dev.sluice.executor.engine;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What waits, and whose turn it is: the oldest of each in turn, so that one who has much waits for itself and hardly holds up who
 * has little. Nobody may have more than half of the places, and one in ten is for those who have nothing there. All takes the same
 * time however much waits. Not thread-safe.
 *
 * @param <K> whose it is
 * @param <T> what waits; by its identity, if it has no other
 */
final class FairQueue<K, T> {

    /** One in so many places is kept for those who have nothing there yet. */
    private static final int KEPT = 10;

    /** In the order of their turns; nobody without anything that waits. */
    private final Map<K, Set<T>> waiting = new LinkedHashMap<>();

    private final int places;
    private int size;

    /** For so many. */
    FairQueue(int places) {
        if (places < 1) {
            throw new IllegalArgumentException("places: " + places + " (expected: > 0)");
        }
        this.places = places;
    }

    /** Whether there is a place for it. */
    boolean offer(K whose, T item) {
        Set<T> own = waiting.get(whose);
        if (size >= (own == null ? places : places - places / KEPT) || isHalf(own)) {
            return false;
        }
        if (own == null) {
            own = new LinkedHashSet<>();
            waiting.put(whose, own);
        }
        size += own.add(item) ? 1 : 0;
        return true;
    }

    private boolean isHalf(@Nullable Set<T> own) {
        return own != null && own.size() >= Math.ceilDiv(places, 2);
    }

    /** Takes it away before its turn; whether it still waited. */
    boolean remove(K whose, T item) {
        Set<T> own = waiting.get(whose);
        if (own == null || !own.remove(item)) {
            return false;
        }
        size--;
        if (own.isEmpty()) {
            waiting.remove(whose);
        }
        return true;
    }

    /** Takes the next one; null when nothing waits. Whose it is comes last from now on. */
    @Nullable
    T poll() {
        return poll(whose -> true);
    }

    /** The same of those that may have a turn now; it takes longer the more of them may not. */
    @Nullable
    T poll(Predicate<K> may) {
        Iterator<Map.Entry<K, Set<T>>> turns = waiting.entrySet().iterator();
        while (turns.hasNext()) {
            Map.Entry<K, Set<T>> turn = turns.next();
            if (may.test(turn.getKey())) {
                turns.remove();
                return oldest(turn.getKey(), turn.getValue());
            }
        }
        return null;
    }

    private T oldest(K whose, Set<T> own) {
        Iterator<T> oldest = own.iterator();
        T item = oldest.next();
        oldest.remove();
        size--;
        if (!own.isEmpty()) {
            waiting.put(whose, own);
        }
        return item;
    }

    /** How many wait. */
    int size() {
        return size;
    }
}
