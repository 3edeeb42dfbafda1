package dev.sluice.executor.gathering;

import static dev.sluice.executor.gathering.SmallPlaces.place;
import static dev.sluice.executor.gathering.SmallPlaces.randomPlace;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.definition.WorkflowName;
import dev.sluice.shared.json.EncodedJson;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.tenancy.OrganizationId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OpenSetsTest {

    private static final OrganizationId ORGANIZATION = new OrganizationId(new UUID(1, 1));
    private static final WorkflowName NAME = new WorkflowName("test", "sets", "1.0.0");
    private static final Gathering GATHERING = new Gathering(new UUID(2, 2), new UUID(3, 3), 0, 0);

    private final long seed = Long.getLong("sluice.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void gathersWhatHasTheSameValuesAndKeepsOthersApart() {
        Links links = new Links(List.of(Set.of("order"), Set.of("order")), false);
        OpenSets sets = new OpenSets(GATHERING, links, List.of());

        sets.take(offer(links, place(0, "order", 1)));
        sets.take(offer(links, place(0, "order", 2)));
        sets.take(offer(links, place(1, "order", 2)));

        assertThat(sets.completed()).extracting(EventSet::number).containsExactly(2L);
        assertThat(sets.open()).isEqualTo(1);
    }

    @Test
    void givesAnEventToTheOldestSetThatLacksIt() {
        Links links = new Links(List.of(Set.of(), Set.of()), false);
        OpenSets sets = new OpenSets(GATHERING, links, List.of());

        sets.take(offer(links, place(0)));
        sets.take(offer(links, place(0)));
        sets.take(offer(links, place(1)));
        sets.take(offer(links, place(1)));
        sets.take(offer(links, place(1)));

        assertThat(sets.completed()).extracting(EventSet::number).containsExactly(1L, 2L);
        assertThat(sets.opened()).isEqualTo(3);
        assertThat(sets.open()).isEqualTo(1);
    }

    @Test
    void fillsOnePlaceWithAnEventThatFitsSeveral() {
        Links links = new Links(List.of(Set.of(), Set.of()), false);
        OpenSets sets = new OpenSets(GATHERING, links, List.of());

        sets.take(offer(links, place(0), place(1)));
        assertThat(sets.completed()).isEmpty();
        sets.take(offer(links, place(0), place(1)));

        assertThat(sets.completed())
                .singleElement()
                .satisfies(set -> assertThat(set.filled())
                        .extracting(EventSet.Filled::position)
                        .containsExactly(0, 1));
    }

    /** The first event has none of the correlations, the second fixes the order, the third must have it. */
    @Test
    void fixesAValueWithTheFirstEventThatHasIt() {
        Links links = new Links(List.of(Set.of(), Set.of("order"), Set.of("order", "customer")), false);
        OpenSets sets = new OpenSets(GATHERING, links, List.of());

        sets.take(offer(links, place(0)));
        sets.take(offer(links, place(1, "order", 1)));
        sets.take(offer(links, place(2, "order", 2, "customer", 7)));
        assertThat(sets.completed()).isEmpty();
        sets.take(offer(links, place(2, "order", 1, "customer", 8)));

        assertThat(sets.completed()).extracting(EventSet::number).containsExactly(1L);
        assertThat(sets.open()).isEqualTo(1);
    }

    /** The older set has not fixed an order yet, but another event of the order is in the younger. */
    @Test
    void bringsAnEventToTheOthersOfItsValueFirst() {
        Links links = new Links(List.of(Set.of("order"), Set.of("order"), Set.of()), false);
        OpenSets sets = new OpenSets(GATHERING, links, List.of());

        sets.take(offer(links, place(0, "order", 1)));
        sets.take(offer(links, place(2)));
        sets.take(offer(links, place(2)));
        sets.take(offer(links, place(1, "order", 2)));
        sets.take(offer(links, place(1, "order", 1)));
        sets.take(offer(links, place(0, "order", 2)));

        assertThat(sets.completed()).extracting(EventSet::number).containsExactly(1L, 2L);
        assertThat(sets.open()).isZero();
    }

    /** A set that the keys do not find might as well not be there; one they find in vain would cost time only. */
    @Test
    void findsByKeyExactlyTheSetsThatFit() {
        for (int turn = 0; turn < 2_000; turn++) {
            Links links = randomLinks();
            EventSet set = EventSet.empty(1, links.size());
            int events = 1 + random.nextInt(links.size() - 1);
            for (int i = 0; i < events; i++) {
                Offer offer = offer(links, randomPlace(random, links, random.nextInt(links.size())));
                set.fit(offer).ifPresent(fit -> set.take(fit.place(), offer));
            }
            if (set.filled().isEmpty() || set.complete()) {
                continue;
            }
            int position =
                    new ArrayList<>(set.free()).get(random.nextInt(set.free().size()));
            Place place = randomPlace(random, links, position);
            boolean found = links.keys(place).contains(links.key(position, set.fixed()));
            assertThat(set.fit(offer(links, place)).isPresent())
                    .as("seed %d, turn %d", seed, turn)
                    .isEqualTo(found);
        }
    }

    /** What one batch does, several do that each read only what the keys find. */
    @Test
    void needsNoOtherSetsThanTheKeysFind() {
        for (int turn = 0; turn < 200; turn++) {
            Links links = randomLinks();
            List<Offer> offers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                offers.add(offer(links, randomPlace(random, links, random.nextInt(links.size()))));
            }
            OpenSets whole = new OpenSets(GATHERING, links, List.of());
            offers.forEach(whole::take);

            assertThat(inBatches(links, offers))
                    .as("seed %d, turn %d", seed, turn)
                    .isEqualTo(contents(whole.changed()));
        }
    }

    /** A store in memory. */
    private Map<Long, Map<Integer, UUID>> inBatches(Links links, List<Offer> offers) {
        Map<Long, Map<Integer, UUID>> contents = new HashMap<>();
        Map<Long, EventSet> stored = new TreeMap<>();
        long opened = 0;
        for (int from = 0; from < offers.size(); ) {
            int to = Math.min(offers.size(), from + 1 + random.nextInt(4));
            List<Offer> batch = offers.subList(from, to);
            Gathering gathering = new Gathering(GATHERING.id(), GATHERING.definitionId(), opened, stored.size());
            OpenSets sets = new OpenSets(gathering, links, found(links, batch, stored));
            batch.forEach(sets::take);
            contents(sets.changed())
                    .forEach((number, places) -> contents.computeIfAbsent(number, absent -> new HashMap<>())
                            .putAll(places));
            sets.changed()
                    .forEach(set -> stored.put(set.number(), new EventSet(set.number(), set.free(), set.fixed())));
            stored.values().removeIf(EventSet::complete);
            assertThat(sets.open()).as("seed %d", seed).isEqualTo(stored.size());
            opened = sets.opened();
            from = to;
        }
        return contents;
    }

    /** Of each key as many as there are events, the oldest first. */
    private static List<EventSet> found(Links links, List<Offer> batch, Map<Long, EventSet> stored) {
        Set<Long> found = new TreeSet<>();
        for (Offer offer : batch) {
            for (Place place : offer.places()) {
                links.keys(place)
                        .forEach(key -> stored.values().stream()
                                .filter(set -> set.free().contains(place.position())
                                        && links.key(place.position(), set.fixed())
                                                .equals(key))
                                .limit(batch.size())
                                .forEach(set -> found.add(set.number())));
            }
        }
        return found.stream()
                .map(stored::get)
                .map(set -> new EventSet(set.number(), set.free(), set.fixed()))
                .toList();
    }

    private static Map<Long, Map<Integer, UUID>> contents(List<EventSet> sets) {
        Map<Long, Map<Integer, UUID>> contents = new HashMap<>();
        for (EventSet set : sets) {
            Map<Integer, UUID> places = new HashMap<>();
            set.filled()
                    .forEach(filled ->
                            places.put(filled.position(), filled.offer().eventId()));
            contents.put(set.number(), places);
        }
        return contents;
    }

    private Links randomLinks() {
        List<Set<String>> names = new ArrayList<>();
        int filters = 2 + random.nextInt(3);
        for (int i = 0; i < filters; i++) {
            Set<String> some = new TreeSet<>(Set.of("a", "b", "c"));
            some.removeIf(name -> random.nextBoolean());
            names.add(some);
        }
        return new Links(names, false);
    }

    private static Offer offer(Links links, Place... places) {
        EncodedJson value = EncodedJson.of(Json.object());
        return new Offer(
                ORGANIZATION,
                GATHERING.definitionId(),
                NAME,
                UUID.randomUUID(),
                0,
                new Rule.All(links),
                List.of(places),
                value);
    }
}
