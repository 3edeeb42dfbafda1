package dev.sluice.loadtest.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.drill.Discrepancy.Kind;
import dev.sluice.loadtest.drill.Evidence.Outcome;
import dev.sluice.loadtest.drill.Evidence.Run;
import dev.sluice.loadtest.drill.Request.Told;
import dev.sluice.shared.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** An account that could not fail would prove nothing: for each way to be wrong there is evidence that it finds. */
final class AccountTest {

    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    /** Two runs, one by webhook and one by API; a kill while the first one's last call was under way, which came again. */
    private final List<Request> requests = new ArrayList<>();

    private final List<Run> runs = new ArrayList<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private final List<Kill> kills = new ArrayList<>();
    private final List<Kill> lapses = new ArrayList<>();

    AccountTest() {
        run(1, Request.Kind.WEBHOOK);
        run(2, Request.Kind.START_AND_WAIT);
        kills.add(new Kill("killed executor-1", true, at(500), at(600), 200, Duration.ofSeconds(1)));
        Call again = call(1, "last");
        calls.set(calls.indexOf(again), new Call(again.key(), 1, "last", again.serial(), at(550)));
        arrive(again, at(900));
        answerAgain(again, calls.getLast().serial(), at(950));
    }

    @Test
    void isExactWhenARepeatedCallWasUnderWayAtAKill() {
        Account account = account();

        assertThat(account.discrepancies()).isEmpty();
        assertThat(account.exact()).isTrue();
        assertThat(account.completed()).isEqualTo(2);
        assertThat(account.kills()).singleElement().satisfies(toll -> {
            assertThat(toll.inFlight()).isEqualTo(1);
            assertThat(toll.repeated()).isEqualTo(1);
        });
        assertThat(Report.of(account, 10)).contains("The account is exact.", "| 1 | killed executor-1 | 200 | 1 | 1 |");
    }

    @Test
    void findsWhatWasLost() {
        runs.remove(0);

        assertThat(found()).contains(Kind.LOST);
        assertThat(Report.of(account(), 10)).contains("DISCREPANCIES", "LOST");
    }

    @Test
    void findsARequestThatWasRefused() {
        requests.set(0, new Request(1, Request.Kind.WEBHOOK, new Told.Refused("404")));

        assertThat(found()).containsExactly(Kind.REFUSED);
    }

    @Test
    void findsARunThatIsOpen() {
        change(0, run -> new Run(run.id(), run.eventId(), run.number(), "waiting", null));

        assertThat(found()).containsExactly(Kind.UNFINISHED);
    }

    @Test
    void findsARunThatFailed() {
        change(1, run -> new Run(run.id(), run.eventId(), run.number(), "faulted", null));

        assertThat(found()).containsExactly(Kind.FAILED, Kind.WRONG_ANSWER);
    }

    @Test
    void findsAnOutputOfACallThatIsNotTheRuns() {
        long foreign = call(2, "first").serial();
        change(0, run -> with(run, "first", (int) foreign));

        assertThat(found()).containsExactly(Kind.WRONG_OUTPUT);
    }

    @Test
    void findsAnOutputThatIsNotInTheJournal() {
        Call lost = call(1, "last");
        change(0, run -> with(run, "last", (int) lost.serial()));

        assertThat(found()).containsExactly(Kind.WRONG_OUTPUT);
    }

    @Test
    void findsAnOutputWithMoreThanExpected() {
        change(0, run -> with(run, "more", 1));

        assertThat(found()).containsExactly(Kind.WRONG_OUTPUT);
    }

    @Test
    void findsAClientThatWasToldOtherwise() {
        UUID id = runs.get(1).id();
        requests.set(1, new Request(2, Request.Kind.START_AND_WAIT, new Told.Accepted(id, Json.object())));

        assertThat(found()).containsExactly(Kind.WRONG_ANSWER);
    }

    @Test
    void findsTwoRunsOfOneRequest() {
        Run first = runs.get(0);
        runs.add(new Run(UUID.randomUUID(), first.eventId(), first.number(), first.status(), first.output()));

        assertThat(found()).contains(Kind.DUPLICATE_RUN);
    }

    @Test
    void findsARunNobodyAskedFor() {
        runs.add(new Run(UUID.randomUUID(), null, 7, "waiting", null));

        assertThat(found()).containsExactly(Kind.UNFINISHED, Kind.UNEXPECTED_RUN);
    }

    @Test
    void findsARunUnderAnotherIdThanItsClientWasTold() {
        requests.set(1, new Request(2, Request.Kind.START_AND_WAIT, new Told.Accepted(UUID.randomUUID(), null)));

        assertThat(found()).containsExactly(Kind.LOST, Kind.UNEXPECTED_RUN);
    }

    @Test
    void letsAStartNobodyWasToldOfHaveARunOrNone() {
        requests.set(1, new Request(2, Request.Kind.START_WITHOUT_KEY, new Told.Nothing()));
        requests.add(new Request(3, Request.Kind.START_WITHOUT_KEY, new Told.Nothing()));

        assertThat(found()).isEmpty();
    }

    @Test
    void findsAStepThatWasNotCalled() {
        Call gone = calls.getFirst();
        calls.removeIf(call -> call.key().equals(gone.key()));
        outcomes.removeIf(outcome -> outcome.key().equals(gone.key()));

        assertThat(found()).contains(Kind.WRONG_KEYS);
    }

    @Test
    void findsAStepThatWasCalledUnderTwoKeys() {
        Call other = new Call("other", 1, "first", 900, at(50));
        calls.add(other);
        outcomes.add(new Outcome(runs.get(0).id(), "other", 900, at(60)));

        assertThat(found()).containsExactly(Kind.WRONG_KEYS);
    }

    @Test
    void findsACallWithoutAKey() {
        calls.add(new Call("", 1, "first", 901, at(50)));

        assertThat(found()).contains(Kind.NO_KEY);
    }

    @Test
    void findsACallThatIsNotInTheJournal() {
        String key = calls.get(1).key();
        outcomes.removeIf(outcome -> outcome.key().equals(key));

        assertThat(found()).contains(Kind.NOT_JOURNALED);
    }

    @Test
    void findsAnOutcomeOfNoCall() {
        outcomes.add(new Outcome(runs.get(0).id(), "never", 0, at(10)));

        assertThat(found()).containsExactly(Kind.NEVER_CALLED);
    }

    @Test
    void findsACallThatWasRepeatedAfterItsOutcomeWasCommitted() {
        arrive(call(2, "first"), at(700));

        assertThat(found()).contains(Kind.REPEATED_EFFECT);
    }

    @Test
    void findsACallThatWasRepeatedWithoutACause() {
        kills.set(0, new Kill("killed redis", false, at(500), at(600), 200, Duration.ZERO));

        assertThat(found()).containsExactly(Kind.REPEATED_WITHOUT_CAUSE);
    }

    @Test
    void findsACallThatCameTwiceMoreForOneKill() {
        Call last = calls.getLast();
        arrive(last, at(940));
        answerAgain(last, calls.getLast().serial(), at(950));

        assertThat(found()).containsExactly(Kind.REPEATED_WITHOUT_CAUSE);
    }

    @Test
    void findsACallThatBeganAfterTheKill() {
        kills.set(0, new Kill("killed executor-1", true, at(500), at(540), 200, Duration.ZERO));

        assertThat(found()).containsExactly(Kind.REPEATED_WITHOUT_CAUSE);
    }

    @Test
    void putsARepeatedCallDownToALeaseThatRanOut() {
        kills.clear();
        lapses.add(new Kill("executor-2 lost its lease", true, at(560), at(660), 0, Duration.ZERO));

        assertThat(account().discrepancies()).isEmpty();
        assertThat(account().kills())
                .singleElement()
                .satisfies(toll -> assertThat(toll.repeated()).isEqualTo(1));
    }

    @Test
    void findsAnOutcomeThatCameTooLate() {
        Call first = call(1, "last");
        answerAgain(first, first.serial(), at(950));
        change(0, run -> with(run, "last", (int) first.serial()));

        assertThat(found()).containsExactly(Kind.STALE_OUTCOME);
    }

    @Test
    void findsAKillWithTooFewRunsOpen() {
        kills.set(0, new Kill("killed executor-1", true, at(500), at(600), 99, Duration.ZERO));

        assertThat(found()).containsExactly(Kind.TOO_FEW_OPEN);
    }

    private Set<Kind> found() {
        return account().discrepancies().stream().map(Discrepancy::kind).collect(Collectors.toCollection(TreeSet::new));
    }

    private Account account() {
        return Account.of(new Evidence(requests, runs, outcomes, calls, kills, lapses, 100));
    }

    /** A run whose calls came one after the other and were each committed at once. */
    private void run(int number, Request.Kind kind) {
        UUID id = UUID.randomUUID();
        UUID event = kind == Request.Kind.WEBHOOK ? UUID.randomUUID() : null;
        ObjectNode output = Json.object().put("number", number);
        Workload.KEYS.forEach((step, keys) -> {
            for (int attempt = 1; attempt <= keys; attempt++) {
                boolean good = attempt == keys;
                String key = number + step + attempt;
                arrive(new Call(key, number, step, 0, BEGIN), at(calls.size()));
                Call call = calls.getLast();
                outcomes.add(new Outcome(
                        id, key, good ? call.serial() : 0, call.arrivedAt().plusMillis(1)));
                if (good) {
                    output.put(step, (int) call.serial());
                }
            }
        });
        runs.add(new Run(id, event, number, "completed", output));
        requests.add(new Request(
                number,
                kind,
                new Told.Accepted(
                        event == null ? id : event, kind == Request.Kind.START_AND_WAIT ? output.deepCopy() : null)));
    }

    /** The first call of a step. */
    private Call call(int number, String step) {
        return calls.stream()
                .filter(call -> call.number() == number && call.step().equals(step))
                .findFirst()
                .orElseThrow();
    }

    private void arrive(Call call, Instant when) {
        calls.add(new Call(call.key(), call.number(), call.step(), calls.size() + 1L, when));
    }

    /** The journal has the answer to this call of the key. */
    private void answerAgain(Call call, long serial, Instant committed) {
        outcomes.replaceAll(outcome -> outcome.key().equals(call.key())
                ? new Outcome(outcome.runId(), call.key(), serial, committed)
                : outcome);
        change(0, run -> with(run, call.step(), (int) serial));
    }

    private void change(int index, UnaryOperator<Run> change) {
        runs.set(index, change.apply(runs.get(index)));
    }

    private static Run with(Run run, String field, int value) {
        ObjectNode output = (ObjectNode) Objects.requireNonNull(run.output()).deepCopy();
        output.put(field, value);
        return new Run(run.id(), run.eventId(), run.number(), run.status(), output);
    }

    private static Instant at(long millis) {
        return BEGIN.plusMillis(millis);
    }
}
