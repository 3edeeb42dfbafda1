package dev.sluice.executor.gathering;

import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

/** Places whose values are small numbers. */
final class SmallPlaces {

    private SmallPlaces() {}

    /** Names and their numbers in turn. */
    static Place place(int position, Object... values) {
        NavigableMap<String, UUID> map = new TreeMap<>();
        for (int i = 0; i < values.length; i += 2) {
            map.put((String) values[i], new UUID(0, (Integer) values[i + 1]));
        }
        return new Place(position, map);
    }

    /** With one of two values for each name that the position has. */
    static Place randomPlace(Random random, Links links, int position) {
        NavigableMap<String, UUID> values = new TreeMap<>();
        links.names().get(position).forEach(name -> values.put(name, new UUID(0, random.nextInt(2))));
        return new Place(position, values);
    }
}
