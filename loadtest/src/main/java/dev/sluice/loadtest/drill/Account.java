package dev.sluice.loadtest.drill;

import dev.sluice.loadtest.drill.Evidence.Outcome;
import dev.sluice.loadtest.drill.Evidence.Run;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The exact account of a drill: each request has its one run, which ended with its own output; each call its one outcome;
 * and a call was repeated only if its outcome was unknown when something happened.
 *
 * @param kills    with the calls that were under way at each, and those of them that were repeated
 * @param repeated each call that came again, in the order in which they did
 */
record Account(Evidence evidence, List<Discrepancy> discrepancies, List<Toll> kills, List<Repeated> repeated) {

    /**
     * A kill, or a lease that ran out otherwise, and its calls.
     *
     * @param number   from 1, in the order of {@link Evidence#causes}
     * @param inFlight keys whose call had been received and whose outcome was not in the journal; none when it breaks none
     * @param repeated keys that were called again because of it
     */
    record Toll(int number, Kill kill, long inFlight, long repeated) {}

    /**
     * A call that came again.
     *
     * @param kill number of the kill or lease that it is put down to; 0 for none
     */
    record Repeated(Call earlier, Call later, int kill) {}

    static Account of(Evidence evidence) {
        RunAccount runs = new RunAccount(evidence);
        CallAccount calls = new CallAccount(evidence);
        return new Account(
                evidence,
                Stream.concat(runs.discrepancies().stream(), calls.discrepancies().stream())
                        .toList(),
                calls.tolls(),
                calls.repeated());
    }

    boolean exact() {
        return discrepancies.isEmpty();
    }

    long completed() {
        return evidence.runs().stream().filter(Run::completed).count();
    }

    long distinctKeys() {
        return evidence.calls().stream().map(Call::key).distinct().count();
    }

    /** Outcomes by the key of their place. */
    static Map<String, Outcome> byKey(List<Outcome> outcomes) {
        return outcomes.stream().collect(Collectors.toMap(Outcome::key, outcome -> outcome, (one, other) -> one));
    }
}
