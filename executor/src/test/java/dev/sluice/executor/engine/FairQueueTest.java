package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whose turn it is. */
final class FairQueueTest {

    private final FairQueue<String, Integer> queue = new FairQueue<>(100);

    @Test
    void takesTheOldestOfEachInTurn() {
        offer("a", 1, 2, 3);
        offer("b", 4);
        offer("c", 5, 6);
        assertThat(drained()).containsExactly(1, 4, 5, 2, 6, 3);
    }

    /** Who has had a turn comes after who has waited for one. */
    @Test
    void putsWhoComesAgainBehindThoseWhoWait() {
        offer("a", 1, 2);
        offer("b", 3, 4);
        assertThat(queue.poll()).isEqualTo(1);
        offer("a", 5);
        assertThat(drained()).containsExactly(3, 2, 4, 5);
        assertThat(queue.poll()).isNull();
    }

    @Test
    void hasHalfOfThePlacesForOne() {
        FairQueue<String, Integer> few = new FairQueue<>(5);
        assertThat(List.of(few.offer("a", 1), few.offer("a", 2), few.offer("a", 3), few.offer("a", 4)))
                .containsExactly(true, true, true, false);
        assertThat(List.of(few.offer("b", 5), few.offer("c", 6), few.offer("c", 7)))
                .containsExactly(true, true, false);
        assertThat(few.poll()).isEqualTo(1);
        assertThat(few.offer("c", 7)).isTrue();
        assertThat(few.size()).isEqualTo(5);
    }

    /** However few fill it: who comes with nothing finds room. */
    @Test
    void keepsOneInTenForThoseWhoHaveNothing() {
        for (int i = 0; i < 45; i++) {
            offer("a", i);
            offer("b", 100 + i);
        }
        assertThat(queue.offer("a", 199)).isFalse();
        for (int i = 0; i < 10; i++) {
            assertThat(queue.offer("c" + i, 200 + i)).isTrue();
        }
        assertThat(queue.offer("d", 300)).isFalse();
    }

    @Test
    void forgetsWhatIsTakenAway() {
        offer("a", 1, 2);
        offer("b", 3);
        assertThat(queue.remove("b", 3)).isTrue();
        assertThat(queue.remove("a", 1)).isTrue();
        assertThat(queue.remove("a", 1)).isFalse();
        assertThat(queue.remove("c", 1)).isFalse();
        assertThat(queue.size()).isOne();
        assertThat(drained()).containsExactly(2);
    }

    @Test
    void hasRoomForSomething() {
        assertThatThrownBy(() -> new FairQueue<String, Integer>(0)).hasMessage("places: 0 (expected: > 0)");
    }

    /** Beside a model that looks at everything. */
    @Test
    void isWhatALookAtEverythingWouldGive() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Map<Integer, List<Integer>> model = new LinkedHashMap<>();
        FairQueue<Integer, Integer> some = new FairQueue<>(40);
        for (int i = 0; i < 20_000; i++) {
            int whose = random.nextInt(5);
            List<Integer> own = model.getOrDefault(whose, List.of());
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    boolean room = size(model) < (own.isEmpty() ? 40 : 36) && own.size() < 20;
                    assertThat(some.offer(whose, i)).as("seed %d", seed).isEqualTo(room);
                    if (room) {
                        model.computeIfAbsent(whose, key -> new ArrayList<>()).add(i);
                    }
                }
                case 2 -> assertThat(some.poll()).as("seed %d", seed).isEqualTo(next(model));
                default -> {
                    int item = own.isEmpty() ? -1 : own.get(random.nextInt(own.size()));
                    assertThat(some.remove(whose, item)).as("seed %d", seed).isEqualTo(!own.isEmpty());
                    if (!own.isEmpty()) {
                        own.remove((Object) item);
                    }
                    model.values().removeIf(List::isEmpty);
                }
            }
            assertThat(some.size()).as("seed %d", seed).isEqualTo(size(model));
        }
    }

    private static @Nullable Integer next(Map<Integer, List<Integer>> model) {
        if (model.isEmpty()) {
            return null;
        }
        Map.Entry<Integer, List<Integer>> first = model.entrySet().iterator().next();
        List<Integer> own = first.getValue();
        model.remove(first.getKey());
        int item = own.removeFirst();
        if (!own.isEmpty()) {
            model.put(first.getKey(), own);
        }
        return item;
    }

    private static int size(Map<Integer, List<Integer>> model) {
        return model.values().stream().mapToInt(List::size).sum();
    }

    private void offer(String whose, Integer... items) {
        for (Integer item : items) {
            assertThat(queue.offer(whose, item)).isTrue();
        }
    }

    private List<Integer> drained() {
        List<Integer> all = new ArrayList<>();
        for (Integer next = queue.poll(); next != null; next = queue.poll()) {
            all.add(next);
        }
        return all;
    }
}
