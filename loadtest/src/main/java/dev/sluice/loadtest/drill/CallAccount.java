package dev.sluice.loadtest.drill;

import dev.sluice.loadtest.drill.Account.Repeated;
import dev.sluice.loadtest.drill.Account.Toll;
import dev.sluice.loadtest.drill.Discrepancy.Kind;
import dev.sluice.loadtest.drill.Evidence.Outcome;
import dev.sluice.loadtest.drill.Evidence.Run;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The upstream's calls against the journals' outcomes and the kills. */
final class CallAccount {

    private final Evidence evidence;
    private final List<Kill> causes;
    private final List<Discrepancy> discrepancies = new ArrayList<>();
    private final List<Repeated> repeated = new ArrayList<>();
    private final Map<String, List<Call>> calls;
    private final Map<String, Outcome> outcomes;

    CallAccount(Evidence evidence) {
        this.evidence = evidence;
        this.causes = evidence.causes();
        this.calls = evidence.calls().stream()
                .collect(Collectors.groupingBy(Call::key, LinkedHashMap::new, Collectors.toList()));
        this.outcomes = Account.byKey(evidence.outcomes());
        calls.forEach(this::calls);
        outcomes();
        keys();
        evidence.kills().stream()
                .filter(kill -> kill.open() < evidence.minOpen())
                .forEach(kill -> report(Kind.TOO_FEW_OPEN, kill.what() + ": " + kill.open()));
    }

    List<Discrepancy> discrepancies() {
        return List.copyOf(discrepancies);
    }

    List<Repeated> repeated() {
        return List.copyOf(repeated);
    }

    List<Toll> tolls() {
        List<Toll> tolls = new ArrayList<>();
        for (int index = 0; index < causes.size(); index++) {
            int number = index + 1;
            Kill kill = causes.get(index);
            long inFlight = kill.breaks()
                    ? calls.entrySet().stream()
                            .filter(entry -> underWay(entry.getValue().getFirst(), kill))
                            .count()
                    : 0;
            long again = repeated.stream().filter(call -> call.kill() == number).count();
            if (index < evidence.kills().size() || again > 0) {
                tolls.add(new Toll(number, kill, inFlight, again));
            }
        }
        return List.copyOf(tolls);
    }

    /** All calls with one key. */
    private void calls(String key, List<Call> same) {
        Call last = same.getLast();
        if (key.isEmpty()) {
            report(Kind.NO_KEY, same.size() + " calls, of number " + last.number() + " among others");
            return;
        }
        for (int i = 1; i < same.size(); i++) {
            again(same.get(i - 1), same.get(i));
        }
        Outcome outcome = outcomes.get(key);
        if (outcome == null) {
            report(Kind.NOT_JOURNALED, "the call " + last);
        } else if (outcome.serial() != 0 && outcome.serial() != last.serial()) {
            report(Kind.STALE_OUTCOME, "call " + outcome.serial() + " is in the journal, and the last is " + last);
        }
    }

    private void again(Call earlier, Call later) {
        Outcome outcome = outcomes.get(later.key());
        if (outcome != null && !outcome.committedAt().isAfter(later.arrivedAt())) {
            report(
                    Kind.REPEATED_EFFECT,
                    earlier + " came again as " + later + ", committed at " + outcome.committedAt());
            return;
        }
        int kill = cause(earlier, later);
        if (kill == 0) {
            report(Kind.REPEATED_WITHOUT_CAUSE, earlier + " came again as " + later);
        }
        repeated.add(new Repeated(earlier, later, kill));
    }

    /** The number of the first kill that one call was under way at and that the other came after; 0 if there is none. */
    private int cause(Call earlier, Call later) {
        for (int index = 0; index < causes.size(); index++) {
            Kill kill = causes.get(index);
            if (kill.breaks() && underWay(earlier, kill) && later.arrivedAt().isAfter(kill.from())) {
                return index + 1;
            }
        }
        return 0;
    }

    private boolean underWay(Call call, Kill kill) {
        Outcome outcome = outcomes.get(call.key());
        @Nullable Instant committed = outcome == null ? null : outcome.committedAt();
        return !call.arrivedAt().isAfter(kill.until()) && (committed == null || committed.isAfter(kill.from()));
    }

    private void outcomes() {
        for (Outcome outcome : evidence.outcomes()) {
            if (!calls.containsKey(outcome.key())) {
                report(Kind.NEVER_CALLED, outcome.toString());
            }
        }
    }

    /** Each step of a run that completed has as many keys as it has attempts with a known outcome. */
    private void keys() {
        Map<Integer, Map<String, Set<String>>> found = evidence.calls().stream()
                .collect(Collectors.groupingBy(
                        Call::number,
                        Collectors.groupingBy(Call::step, Collectors.mapping(Call::key, Collectors.toSet()))));
        for (Run run : evidence.runs()) {
            Map<String, Set<String>> steps = found.getOrDefault(run.number(), Map.of());
            Set<String> names = new HashSet<>(steps.keySet());
            names.addAll(Workload.KEYS.keySet());
            for (String step : run.completed() ? names : Set.<String>of()) {
                int count = steps.getOrDefault(step, Set.of()).size();
                if (count != Workload.KEYS.getOrDefault(step, 0)) {
                    report(Kind.WRONG_KEYS, "step " + step + " of number " + run.number() + " has " + count);
                }
            }
        }
        Set<Integer> numbers = evidence.runs().stream().map(Run::number).collect(Collectors.toSet());
        found.keySet().stream()
                .filter(number -> !numbers.contains(number))
                .forEach(number -> report(Kind.WRONG_KEYS, "number " + number + " has calls and no run"));
    }

    private void report(Kind kind, String detail) {
        discrepancies.add(new Discrepancy(kind, detail));
    }
}
