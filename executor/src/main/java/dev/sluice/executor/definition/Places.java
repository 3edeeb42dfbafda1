package dev.sluice.executor.definition;

import java.util.HashMap;
import java.util.Map;

/**
 * Where the values of a text stand, by JSON pointer. A value that is not noted has the place of what it is in: each has a pointer of
 * its own in memory, so that not too many are noted, and none that is very long.
 */
final class Places {

    /** More than ten thousand tasks have. */
    private static final int MOST = 200_000;

    private final Map<String, Place> places = new HashMap<>();

    void note(String pointer, Place place) {
        if (pointer.length() <= Pointers.LONGEST_TOLD && places.size() < MOST) {
            places.put(pointer, place);
        }
    }

    /** All that are noted, as they are and will be. */
    Map<String, Place> noted() {
        return places;
    }
}
