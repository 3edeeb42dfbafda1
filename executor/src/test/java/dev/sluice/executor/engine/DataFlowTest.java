package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schemas of what flows, and values in loose mode. */
final class DataFlowTest {

    private static final String NUMBER = "{ schema: { document: { type: number } } }";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "input: NUMBER ¶ do: [ { a: { set: { x: 1 } } } ]                                                  | /input",
                "output: NUMBER ¶ do: [ { a: { set: { x: 1 } } } ]                                                 | /output",
                "do: [ { a: { input: NUMBER, set: { x: 1 } } } ]                                                  | /do/0/a",
                "do: [ { a: { output: NUMBER, set: { x: 1 } } } ]                                                 | /do/0/a",
                "do: [ { a: { export: NUMBER, set: { x: 1 } } } ]                                                 | /do/0/a",
                "do: [ { a: { export: { as: ., schema: { document: { type: number } } }, set: { x: 1 } } } ]      | /do/0/a"
            })
    void endsWithAValidationErrorWhereAValueDoesNotConform(String tasks, String instance) {
        TaskFault fault = Rehearsal.of(tasks.replace("NUMBER", NUMBER).replace(" ¶ ", "\n"), "{}")
                .fails();

        assertThat(fault.error().type()).isEqualTo(ErrorType.VALIDATION.uri());
        assertThat(fault.error().status()).isEqualTo(400);
        assertThat(fault.error().instance()).isEqualTo(instance);
        assertThat(fault.error().detail()).isEqualTo("object found, number expected");
    }

    @Test
    void checksAnInputAsItComesAndAnOutputAsItGoes() {
        assertThat(Rehearsal.of("""
                input: { schema: { document: { required: [n] } }, from: .n }
                do:
                  - a:
                      input: { schema: { document: { type: number } }, from: "{ m: . }" }
                      set: { x: "${ .m }" }
                      output: { as: .x, schema: { document: { type: number } } }
                output: { as: "[.]", schema: { document: { type: array } } }
                """, "{\"n\": 5}").finish()).isEqualTo("[5]");
    }

    @Test
    void hasWhatDoesNotConformCaught() {
        assertThat(Rehearsal.of("""
                do:
                  - t:
                      try: [ { a: { input: { schema: { document: { required: [n] } } }, set: { x: 1 } } } ]
                      catch:
                        errors: { with: { type: "https://serverlessworkflow.io/spec/1.0.0/errors/validation" } }
                        do: [ { c: { set: { status: "${ $error.status }" } } } ]
                """, "{}").finish()).isEqualTo("{\"status\":400}");
    }

    @Test
    void evaluatesWhatItCanInLooseMode() {
        assertThat(Rehearsal.of("""
                evaluate: { mode: loose }
                do:
                  - a:
                      set:
                        evaluated: .n + 1
                        enclosed: "${ .n }"
                        text: Hello, world!
                        fails: .n | error
                        enclosedFails: "${ .n.x }"
                        nested: [ .n, "not ( jq" ]
                """, "{\"n\": 5}").finish()).isEqualTo("""
                {"evaluated":6,"enclosed":5,"text":"Hello, world!","fails":".n | error",\
                "enclosedFails":"${ .n.x }","nested":[5,"not ( jq"]}""");
    }

    @Test
    void keepsConditionsStrictInLooseMode() {
        TaskFault fault = Rehearsal.of("""
                evaluate: { mode: loose }
                do: [ { a: { if: .n.x, set: { x: 1 } } } ]
                """, "{\"n\": 5}").fails();

        assertThat(fault.error().type()).isEqualTo(ErrorType.EXPRESSION.uri());
    }
}
