package dev.sluice.executor.gathering;

import static dev.sluice.executor.gathering.SmallPlaces.place;
import static dev.sluice.executor.gathering.SmallPlaces.randomPlace;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.executor.definition.WorkflowName;
import dev.sluice.executor.engine.EvaluationThreads;
import dev.sluice.executor.expression.Allowance;
import dev.sluice.executor.expression.Expression;
import dev.sluice.executor.expression.Expressions;
import dev.sluice.shared.json.EncodedJson;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

class GrowingSetsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final OrganizationId ORGANIZATION = new OrganizationId(new UUID(1, 1));
    private static final WorkflowName NAME = new WorkflowName("test", "sets", "1.0.0");
    private static final Gathering GATHERING = new Gathering(new UUID(2, 2), new UUID(3, 3), 0, 0);
    private static final SetBounds WIDE = new SetBounds(100, 100, 10_000);

    private final long seed = Long.getLong("sluice.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final EvaluationThreads evaluations =
            EvaluationThreads.together(Allowance.LIMITS, 1, 100, Schedulers.immediate());

    @AfterEach
    void close() {
        evaluations.dispose();
    }

    /** Filters for what gathers, and one or more for what ends it. */
    private static Rule.Until rule(int any, boolean each, List<Set<String>> names) {
        return new Rule.Until(new Links(names, true), any, each, null);
    }

    private static Rule.Until rule(String condition) {
        Expression expression = Expressions.compile(condition, Set.of());
        return new Rule.Until(new Links(List.of(Set.of("order")), true), 1, false, expression);
    }

    @Test
    void gathersUntilAnEventEndsWhatWasThere() {
        Rule.Until rule = rule(1, false, List.of(Set.of(), Set.of()));
        GrowingSets sets = sets(rule, WIDE);

        take(sets, event(rule, 1, place(0)), event(rule, 2, place(0)));
        assertThat(sets.completed()).isEmpty();
        take(sets, event(rule, 3, place(1)), event(rule, 4, place(0)));

        assertThat(sets.completed())
                .singleElement()
                .satisfies(set -> assertThat(values(set)).containsExactly(1, 2))
                .satisfies(set -> assertThat(value(set.last())).isEqualTo(3));
        assertThat(sets.changed()).extracting(GrowingSetsTest::values).containsExactly(List.of(1, 2), List.of(4));
        assertThat(sets.opened()).isEqualTo(2);
        assertThat(sets.open()).isEqualTo(1);
        assertThat(sets.filled()).isZero();
    }

    @Test
    void endsNothingBeforeAnythingHasGathered() {
        for (boolean each : List.of(false, true)) {
            Rule.Until rule = rule(1, each, List.of(Set.of(), Set.of()));
            GrowingSets sets = sets(rule, WIDE);

            take(sets, event(rule, 1, place(1)), event(rule, 2, place(0)));

            assertThat(sets.completed()).isEmpty();
            assertThat(sets.changed())
                    .singleElement()
                    .satisfies(set -> assertThat(set.ending()).isEmpty());
        }
    }

    /** What gathers is anything, for example: what ends a set is no part of it, and of none that follows. */
    @Test
    void gathersNothingThatEndsSets() {
        Rule.Until rule = rule(1, false, List.of(Set.of(), Set.of()));
        GrowingSets sets = sets(rule, WIDE);

        take(sets, event(rule, 1, place(0), place(1)));
        assertThat(sets.changed()).isEmpty();
        take(sets, event(rule, 2, place(0)), event(rule, 3, place(0), place(1)));

        assertThat(sets.changed()).extracting(GrowingSetsTest::values).containsExactly(List.of(2));
    }

    @Test
    void endsWhenAnEventOfEachFilterHasComeWhateverTheirOrder() {
        Rule.Until rule = rule(1, true, List.of(Set.of(), Set.of(), Set.of()));
        GrowingSets sets = sets(rule, WIDE);

        take(sets, event(rule, 1, place(0)), event(rule, 2, place(2)), event(rule, 3, place(2)));
        assertThat(sets.completed()).isEmpty();
        take(sets, event(rule, 4, place(0)), event(rule, 5, place(1), place(2)));

        assertThat(sets.completed()).extracting(GrowingSetsTest::values).containsExactly(List.of(1, 4));
    }

    @Test
    void keepsWhatHasOtherValuesApartAndEndsWhatAgrees() {
        Rule.Until rule = rule(1, false, List.of(Set.of("order"), Set.of("order")));
        GrowingSets sets = sets(rule, WIDE);

        take(
                sets,
                event(rule, 1, place(0, "order", 7)),
                event(rule, 2, place(0, "order", 8)),
                event(rule, 3, place(0, "order", 7)),
                event(rule, 4, place(1, "order", 7)),
                event(rule, 5, place(0, "order", 8)));

        assertThat(sets.completed()).extracting(GrowingSetsTest::values).containsExactly(List.of(1, 3));
        assertThat(sets.changed()).extracting(GrowingSetsTest::values).containsExactly(List.of(1, 3), List.of(2, 5));
    }

    @Test
    void endsAllSetsWithAnEventThatIsForNoneOfThemAlone() {
        Rule.Until rule = rule(1, false, List.of(Set.of("order"), Set.of()));
        GrowingSets sets = sets(rule, WIDE);

        take(
                sets,
                event(rule, 1, place(0, "order", 7)),
                event(rule, 2, place(0, "order", 8)),
                event(rule, 3, place(1)));

        assertThat(sets.completed()).extracting(GrowingSetsTest::values).containsExactly(List.of(1), List.of(2));
        assertThat(sets.open()).isZero();
    }

    @Test
    void endsWithTheEventWithWhichTheConditionHolds() {
        Rule.Until rule = rule("(map(.n) | add) > 5");
        GrowingSets sets = sets(rule, WIDE);

        for (int n = 1; n <= 6; n++) {
            take(sets, event(rule, n, place(0, "order", n % 2)));
        }

        assertThat(sets.completed())
                .extracting(GrowingSetsTest::values)
                .containsExactly(List.of(1, 3, 5), List.of(2, 4), List.of(6));
        assertThat(sets.filled()).isZero();
    }

    /** As for jq, all but false and null holds. */
    @Test
    void takesWhatTheConditionGivesAsAListenDoes() {
        Map.of("0", true, "\"\"", true, "false", false, "null", false, "empty", false)
                .forEach((condition, holds) -> {
                    Rule.Until rule = rule(condition);
                    GrowingSets sets = sets(rule, WIDE);
                    take(sets, event(rule, 1, place(0, "order", 1)));
                    assertThat(sets.completed()).as(condition).hasSize(holds ? 1 : 0);
                });
    }

    /** There is no run that could fault. It goes on, and ends in time by itself, or with the next event. */
    @Test
    void goesOnWhereTheConditionFails() {
        Rule.Until rule = rule("if length == 2 then error(\"no\") else length > 2 end");
        GrowingSets sets = sets(rule, WIDE);

        take(sets, event(rule, 1, place(0)), event(rule, 2, place(0)));
        assertThat(sets.completed()).isEmpty();
        take(sets, event(rule, 3, place(0)));

        assertThat(sets.completed()).extracting(GrowingSetsTest::values).containsExactly(List.of(1, 2, 3));
    }

    /** Two million steps are a matter of the workflow's: it fails, and the event is gathered all the same. */
    @Test
    void goesOnWhereTheConditionTakesTooMuch() {
        Rule.Until rule = rule("[range(100000000)] | length > 1");
        GrowingSets sets = sets(rule, WIDE);

        take(sets, event(rule, 1, place(0)));

        assertThat(sets.changed()).extracting(GrowingSetsTest::values).containsExactly(List.of(1));
        assertThat(sets.completed()).isEmpty();
    }

    /** That says nothing of the workflow: the event comes again. */
    @Test
    void changesNothingWhereTheMachineHasNoTimeForTheCondition() {
        evaluations.dispose();
        Rule.Until rule = rule("[range(100000)] | length > 1");
        GrowingSets sets = sets(rule, WIDE);

        assertThatThrownBy(() -> take(sets, event(rule, 1, place(0)))).isInstanceOf(SluiceException.class);
    }

    @Test
    void endsASetThatIsFull() {
        Rule.Until rule = rule(1, false, List.of(Set.of(), Set.of()));
        GrowingSets many = sets(rule, new SetBounds(100, 3, 10_000));
        GrowingSets large = sets(rule, new SetBounds(100, 100, 15));

        for (int n = 1; n <= 4; n++) {
            take(many, event(rule, n, place(0)));
            take(large, event(rule, n, place(0)));
        }

        assertThat(many.completed()).extracting(GrowingSetsTest::values).containsExactly(List.of(1, 2, 3));
        assertThat(many.filled()).isEqualTo(1);
        assertThat(large.completed()).extracting(GrowingSetsTest::values).containsExactly(List.of(1, 2, 3));
        assertThat(large.filled()).isEqualTo(1);
    }

    @Test
    void doesNotCallASetFullThatEndedAsItShould() {
        Rule.Until rule = rule("length == 2");
        GrowingSets sets = sets(rule, new SetBounds(100, 2, 10_000));

        take(sets, event(rule, 1, place(0)), event(rule, 2, place(0)));

        assertThat(sets.completed()).hasSize(1);
        assertThat(sets.filled()).isZero();
    }

    @Test
    void writesKeysOnlyWhereTheyAreOthers() {
        Rule.Until rule = rule(1, true, List.of(Set.of("order"), Set.of("customer"), Set.of()));
        GrowingSets first = sets(rule, WIDE);
        take(first, event(rule, 1, place(0, "order", 7)));
        assertThat(positions(rule, first.changed().getFirst())).containsExactly(0, -1, -2, -3);

        GrowingSet stored = stored(first.changed().getFirst());
        GrowingSets second = new GrowingSets(GATHERING, rule, List.of(stored), WIDE, this::contents, evaluations);
        take(second, event(rule, 2, place(0, "order", 7)));
        assertThat(positions(rule, stored)).containsExactly(1);
        take(second, event(rule, 3, place(1, "customer", 5)));
        assertThat(positions(rule, stored)).containsExactly(1, -1, -2, -3);
        take(second, event(rule, 4, place(2)));
        assertThat(positions(rule, stored)).containsExactly(1);
    }

    /** What one batch does, several do that each read only what the keys find. */
    @Test
    void needsNoOtherSetsThanTheKeysFind() {
        for (int turn = 0; turn < 300; turn++) {
            int any = 1 + random.nextInt(2);
            Rule.Until rule = rule(any, random.nextBoolean(), randomNames(any + 1 + random.nextInt(2)));
            List<Offer> offers = new ArrayList<>();
            for (int n = 0; n < 40; n++) {
                int filter = random.nextInt(4) == 0
                        ? any
                        : random.nextInt(rule.links().size());
                offers.add(event(rule, n, randomPlace(random, rule.links(), filter)));
            }
            GrowingSets whole = sets(rule, WIDE);
            take(whole, offers.toArray(Offer[]::new));

            assertThat(inBatches(rule, offers))
                    .as("seed %d, turn %d", seed, turn)
                    .isEqualTo(contents(whole.changed()));
        }
    }

    /** A store in memory. */
    private Map<Long, List<Integer>> inBatches(Rule.Until rule, List<Offer> offers) {
        Map<Long, List<Integer>> contents = new HashMap<>();
        NavigableMap<Long, GrowingSet> stored = new TreeMap<>();
        long opened = 0;
        for (int from = 0; from < offers.size(); ) {
            int to = Math.min(offers.size(), from + 1 + random.nextInt(5));
            List<Offer> batch = offers.subList(from, to);
            Gathering gathering = new Gathering(GATHERING.id(), GATHERING.definitionId(), opened, stored.size());
            GrowingSets sets =
                    new GrowingSets(gathering, rule, found(rule, batch, stored), WIDE, this::contents, evaluations);
            take(sets, batch.toArray(Offer[]::new));
            contents(sets.changed())
                    .forEach((number, values) -> contents.computeIfAbsent(number, absent -> new ArrayList<>())
                            .addAll(values));
            sets.changed().forEach(set -> stored.put(set.number(), stored(set)));
            sets.completed().forEach(set -> stored.remove(set.number()));
            assertThat(sets.open()).as("seed %d", seed).isEqualTo(stored.size());
            opened = sets.opened();
            from = to;
        }
        return contents;
    }

    private static List<GrowingSet> found(Rule.Until rule, List<Offer> batch, NavigableMap<Long, GrowingSet> stored) {
        Set<Long> found = new TreeSet<>();
        for (Offer offer : batch) {
            for (Place place : offer.places()) {
                Set<UUID> keys = rule.links().keys(place);
                stored.values().stream()
                        .filter(set -> keys.contains(rule.links().key(place.position(), set.fixed())))
                        .forEach(set -> found.add(set.number()));
            }
        }
        return found.stream().map(stored::get).map(GrowingSetsTest::stored).toList();
    }

    private static GrowingSet stored(GrowingSet set) {
        return new GrowingSet(set.number(), set.fixed(), set.events(), set.bytes(), set.ending());
    }

    private GrowingSets sets(Rule.Until rule, SetBounds bounds) {
        return new GrowingSets(GATHERING, rule, List.of(), bounds, this::contents, evaluations);
    }

    private Mono<ArrayNode> contents(GrowingSet set) {
        ArrayNode values = Json.array();
        set.taken().forEach(offer -> values.add(offer.value().tree()));
        return Mono.just(values);
    }

    private static void take(GrowingSets sets, Offer... offers) {
        sets.takeAll(List.of(offers)).block(PATIENCE);
    }

    private static List<Integer> positions(Rule rule, GrowingSet set) {
        return set.rows(rule.links()).stream().map(OpenSet.Row::position).toList();
    }

    private static Map<Long, List<Integer>> contents(List<GrowingSet> sets) {
        Map<Long, List<Integer>> contents = new HashMap<>();
        sets.forEach(set -> contents.put(set.number(), values(set)));
        return contents;
    }

    private static List<Integer> values(GrowingSet set) {
        return set.taken().stream().map(GrowingSetsTest::value).toList();
    }

    private static int value(Offer offer) {
        return offer.value().tree().path("n").asInt();
    }

    private List<Set<String>> randomNames(int filters) {
        return Stream.generate(() -> {
                    Set<String> some = new TreeSet<>(Set.of("a", "b"));
                    some.removeIf(name -> random.nextBoolean());
                    return some;
                })
                .limit(filters)
                .toList();
    }

    private static Offer event(Rule rule, int n, Place... places) {
        JsonNode data = Json.object().put("n", n);
        return new Offer(
                ORGANIZATION,
                GATHERING.definitionId(),
                NAME,
                new UUID(n, n),
                0,
                rule,
                List.of(places),
                EncodedJson.of(data));
    }
}
