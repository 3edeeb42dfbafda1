package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.executor.definition.WorkflowName;
import dev.sluice.shared.json.Json;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class SubflowInterpreterTest {

    private static final String CALL = """
            do:
              - register:
                  run: { workflow: { namespace: test, name: child, version: latest, input: { n: "${ .n }" } } }
              - show: { set: { got: "${ . }" } }
            """;

    @Test
    void startsARunAndWaitsForItsOutputOutsideOfMemory() {
        Rehearsal rehearsal = Rehearsal.of(CALL, "{\"n\": 5}");
        assertThat(rehearsal.parks()).isNull();
        assertThat(rehearsal.children.started.values()).singleElement().satisfies(child -> {
            assertThat(child.workflow()).isEqualTo(new WorkflowName("test", "child", "latest"));
            assertThat(Json.text(child.input())).isEqualTo("{\"n\":5}");
            assertThat(child.awaited()).isTrue();
        });

        rehearsal.children.end(new Children.End(Json.string("done"), null));

        assertThat(rehearsal.finish()).isEqualTo("{\"got\":\"done\"}");
        assertThat(rehearsal.children.started).hasSize(1);
    }

    @Test
    void startsTheSameRunAgainAfterACrash() {
        Rehearsal rehearsal = Rehearsal.of(CALL, "{}").crashAfter(0);
        rehearsal.children.known = true;
        rehearsal.parks();
        rehearsal.children.end(new Children.End(Json.string("done"), null));
        rehearsal.dies();
        rehearsal.recover();

        assertThat(rehearsal.finish()).isEqualTo("{\"got\":\"done\"}");
        assertThat(rehearsal.children.started).hasSize(1);
    }

    @Test
    void doesNotWaitWhenTheTaskSaysSo() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - tell:
                      run: { await: false, workflow: { namespace: test, name: child, version: 1.0.0, input: {} } }
                """, "{\"n\": 5}");

        assertThat(rehearsal.finish()).isEqualTo("{\"n\":5}");
        assertThat(rehearsal.children.started.values())
                .singleElement()
                .satisfies(child -> assertThat(child.awaited()).isFalse());
    }

    @Test
    void faultsAsTheOtherRunDid() {
        Rehearsal rehearsal = Rehearsal.of(CALL, "{}");
        rehearsal.parks();
        rehearsal.children.end(new Children.End(
                null,
                ErrorType.COMMUNICATION.at("/do/0/x", 503, "Busy", "later").toJson()));

        assertThatExceptionOfType(TaskFault.class)
                .isThrownBy(rehearsal::finish)
                .satisfies(fault -> assertThat(fault.error())
                        .isEqualTo(ErrorType.COMMUNICATION.at("/do/0/register", 503, "Busy", "later")));
    }

    @Test
    void faultsWhenTheOtherRunWasCancelledOrThereIsNone() {
        Rehearsal rehearsal = Rehearsal.of(CALL, "{}");
        rehearsal.parks();
        rehearsal.children.end(new Children.End(null, null));
        assertThat(detail(rehearsal)).contains("was cancelled");

        Rehearsal unknown = Rehearsal.of(CALL, "{}");
        unknown.children.known = false;
        assertThat(detail(unknown)).isEqualTo("There is no workflow test/child in version latest.");
    }

    /** The end of a run cancels those it awaits: when it is retried, the branch that lost its own starts another. */
    @Test
    void startsAnotherRunWhenItsOwnWasCancelledByAnEndThatWasNone() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - both:
                      fork:
                        branches:
                          - child: { run: { workflow: { namespace: test, name: child, version: latest } } }
                          - fails: { call: http, with: { method: get, endpoint: "http://up/fails" } }
                """, "{}");
        rehearsal.upstream(call -> call.number() == 0
                ? Mono.error(new CallFailure(ErrorType.COMMUNICATION.at("/", "broken")))
                : Mono.just(Json.string("fine")));
        rehearsal.fails();
        rehearsal.children.end(new Children.End(null, null));
        rehearsal.retry();
        rehearsal.parks();
        assertThat(rehearsal.children.started).hasSize(2);

        rehearsal.children.end(new Children.End(Json.string("done"), null));

        assertThat(rehearsal.finish()).isEqualTo("[\"done\",\"fine\"]");
    }

    @Test
    void waitsNoLongerThanThereIsTime() {
        Rehearsal rehearsal =
                Rehearsal.of(CALL.replace("- register:", "- register:\n      timeout: { after: PT10M }"), "{}");
        assertThat(rehearsal.parks()).isEqualTo(Rehearsal.START.plus(Duration.ofMinutes(10)));
        rehearsal.time.advanceTimeBy(Duration.ofMinutes(10));

        assertThatExceptionOfType(TaskFault.class)
                .isThrownBy(rehearsal::finish)
                .satisfies(fault -> assertThat(fault.error().status()).isEqualTo(408));
    }

    @Test
    void endsAChainOfRunsThatHasNoEnd() {
        Rehearsal rehearsal = Rehearsal.of(CALL, "{}").depth(Rehearsal.MAX_DEPTH);

        assertThat(detail(rehearsal)).contains("the 8th of a chain of runs");
        assertThat(rehearsal.children.started).isEmpty();
    }

    private static String detail(Rehearsal rehearsal) {
        String[] detail = new String[1];
        assertThatExceptionOfType(TaskFault.class)
                .isThrownBy(rehearsal::finish)
                .satisfies(fault ->
                        detail[0] = Objects.requireNonNull(fault.error().detail()));
        return detail[0];
    }
}
