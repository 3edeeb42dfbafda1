package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.executor.journal.EntryKind;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class EmitInterpreterTest {

    @Test
    void givesTheEventAsItsOutputAndEmitsItOnce() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - emitEvent:
                      emit:
                        event:
                          with:
                            source: https://fake-source.com
                            type: com.fake-source.user.greeted.v1
                            orderno: "${ .no }"
                            subject: "${ .no }"
                            data: { greetings: "${ \\"Hello \\\\(.name)!\\" }" }
                """, "{\"name\": \"Ada\", \"no\": 7}");

        String output = rehearsal.finish();

        assertThat(output)
                .contains(
                        "\"specversion\":\"1.0\"",
                        "\"source\":\"https://fake-source.com\"",
                        "\"type\":\"com.fake-source.user.greeted.v1\"",
                        "\"time\":\"2026-01-01T00:00:00Z\"",
                        "\"orderno\":7",
                        "\"subject\":\"7\"",
                        "\"data\":{\"greetings\":\"Hello Ada!\"}");
        assertThat(rehearsal.disk).extracting(entry -> entry.kind()).containsExactly(EntryKind.EMITTED);
        assertThat(rehearsal.finish()).isEqualTo(output);
        assertThat(rehearsal.disk).hasSize(1);
    }

    @Test
    void saysWhereAnEventComesFromUnlessTheAuthorDoes() {
        Rehearsal rehearsal = Rehearsal.of("do: [ { e: { emit: { event: { with: { type: t } } } } } ]", "{}");

        assertThat(rehearsal.finish()).contains("\"source\":\"/test/rehearsal/1.0.0\"", "\"data\":null");
    }

    @Test
    void faultsWhenAnAttributeIsNotWhatEventsHave() {
        assertThat(fault("{ type: \"${ 5 }\" }")).contains("'type' must be a string");
        assertThat(fault("{ type: \"${ \\\"\\\" }\" }")).contains("'type' must be a string of 1 to 1024");
        assertThat(fault("{ type: t, time: \"${ \\\"now\\\" }\" }")).contains("'time' must be one such as");
        assertThat(fault("{ type: t, ext: \"${ {} }\" }")).contains("'ext' must be a string, a number or a boolean");
    }

    @Test
    void emitsTextAsItIs() {
        String event =
                "do: [ { e: { emit: { event: { with: { type: t, datacontenttype: TYPE, data: \"${ .x }\" } } } } } ]";
        assertThat(Rehearsal.of(event.replace("TYPE", "text/csv"), "{\"x\":\"a;b\"}")
                        .finish())
                .contains("\"datacontenttype\":\"text/csv\"", "\"data\":\"a;b\"");
        assertThat(Rehearsal.of(event.replace("TYPE", "'application/vnd.x+json; charset=utf-8'"), "{\"x\":{}}")
                        .finish())
                .contains("\"datacontenttype\":\"application/vnd.x+json; charset=utf-8\"", "\"data\":{}");
        assertThat(fault("{ type: t, datacontenttype: \"${ \\\"text/csv\\\" }\", data: { a: b } }"))
                .contains("data must be a string, as its 'datacontenttype' is text/csv");
    }

    @Test
    void refusesAnEventThatIsTooLarge() {
        assertThat(fault("{ type: t, data: \"${ \\\"x\\\" * 1100000 }\" }")).contains("at most 1048576 are possible");
    }

    @Test
    void endsAChainOfRunsThatHasNoEnd() {
        Rehearsal rehearsal = Rehearsal.of("do: [ { e: { emit: { event: { with: { type: t } } } } } ]", "{}")
                .depth(Rehearsal.MAX_DEPTH);

        assertThatExceptionOfType(TaskFault.class)
                .isThrownBy(rehearsal::finish)
                .satisfies(fault -> assertThat(fault.error().detail()).contains("the 8th of a chain of runs"));
        assertThat(rehearsal.disk).isEmpty();
    }

    private static String fault(String with) {
        String[] detail = new String[1];
        assertThatExceptionOfType(TaskFault.class)
                .isThrownBy(Rehearsal.of("do: [ { e: { emit: { event: { with: " + with + " } } } } ]", "{}")::finish)
                .satisfies(fault ->
                        detail[0] = Objects.requireNonNull(fault.error().detail()));
        return detail[0];
    }
}
