package dev.sluice.executor.definition;

import static dev.sluice.executor.definition.Documents.HEAD;
import static dev.sluice.executor.definition.HostileDocuments.HANG;
import static dev.sluice.executor.definition.HostileDocuments.list;
import static dev.sluice.executor.definition.HostileDocuments.nested;
import static dev.sluice.executor.definition.HostileDocuments.violations;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.sluice.executor.definition.WorkflowDocuments.Format;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents that are written to take time, memory or stack, or to be read as what they are not. */
final class HostileDocumentsTest {

    private static final String SET = "do: [ { a: { set: { x: 1 } } } ]";

    @Test
    void compilesTenThousandTasks() {
        String tasks = list(10_000, index -> "t" + index + ": { set: { x: " + index + " } }");

        Workflow workflow = assertTimeoutPreemptively(HANG, () -> Documents.yaml(HEAD + tasks));

        assertThat(workflow.tasks().tasks()).hasSize(10_000);
        assertThat(workflow.tasks().indexOf("t9999")).isEqualTo(9_999);
    }

    @Test
    void compilesWhatIsNestedAsDeepAsADocumentMayBeAndRefusesWhatIsDeeper() {
        assertThat(violations(HEAD + nested(60))).isEmpty();
        assertThat(violations(HEAD + nested(1_000)))
                .singleElement()
                .asString()
                .endsWith(" nested deeper than 200 levels");
        String json = "{\"document\":{},\"do\":[{\"a\":{\"set\":" + "{\"x\":".repeat(1_000) + "1" + "}".repeat(1_000)
                + "}}]}";
        assertThat(Documents.violations(json, Format.JSON))
                .singleElement()
                .asString()
                .endsWith(" nested deeper than 200 levels");
    }

    @Test
    void boundsTheNamesThatLeadToAValue() {
        String name = "n".repeat(900);
        String values = "[" + "1,".repeat(100_000) + "1]";
        String nested = ("{ '" + name + "': ").repeat(100) + values + "}".repeat(100);
        assertThat(violations(HEAD + "do: [ { a: { set: " + nested + " } } ]"))
                .singleElement()
                .asString()
                .endsWith("the names that lead here have more than 4000 characters together");
        assertThat(Documents.violations("{\"" + "n".repeat(5_000) + "\": 1}", Format.JSON))
                .containsExactly("1:2  the names that lead here have more than 4000 characters together");
        assertThat(violations("? " + "n".repeat(100_000) + "\n: 1\n"))
                .containsExactly("1:3  the names that lead here have more than 4000 characters together");
        String fits = ("{ '" + name + "': ").repeat(4) + values + "}".repeat(4);
        assertThat(violations(HEAD + "do: [ { a: { set: " + fits + " } } ]")).isEmpty();
    }

    @Test
    void tellsOfLongTextsOnlyTheirBeginnings() {
        assertThat(violations(HEAD + "do: [ { a: { set: { x: " + "9".repeat(500_000) + " } } } ]"))
                .singleElement()
                .asString()
                .hasSizeLessThan(1_100)
                .startsWith("6:24 /do/0/a/set/x '9999")
                .endsWith("9…");
        String deep = ("{ '" + "n".repeat(900) + "': ").repeat(4) + "'${ $nope }'" + "}".repeat(4);
        assertThat(violations(HEAD + "do: [ { a: { set: " + deep + " } } ]"))
                .containsExactly("6:14 /do/0/a/set invalid expression: $nope is not defined (line 1, column 2)");
    }

    @Test
    void takesNoStackForLongTexts() {
        String long100 = "x".repeat(100_000);
        String error = "do: [ { a: { raise: { error: { type: 'urn:TYPE', status: 400, instance: '/PLACE' } } } } ]";
        assertThat(violations(HEAD + error.replace("TYPE", "a").replace("PLACE", long100)))
                .isEmpty();
        assertThat(violations(HEAD + error.replace("TYPE", long100).replace("PLACE", "a")))
                .isEmpty();
        assertThat(violations(HEAD + error.replace("TYPE", "{x}".repeat(30_000)).replace("PLACE", "a~0/b~1")))
                .isEmpty();
        assertThat(violations(HEAD + error.replace("TYPE", "a").replace("PLACE", long100 + "~2")))
                .containsExactly("6:60 /do/0/a/raise/error/instance must be a JSON pointer such as /do/0/first");
        assertThat(violations(HEAD + "do: [ { a: { wait: 'PT" + "9".repeat(100_000) + "S' } } ]"))
                .hasSize(1);
        assertThat(violations(HEAD + "schedule: { cron: '" + "*,".repeat(50_000) + "* * * * *' }\n" + SET))
                .hasSizeLessThan(2);
        assertThat(violations(HEAD + "do: [ { a: { set: { x: '${ " + "(".repeat(50_000) + " }' } } } ]"))
                .hasSize(1);
        assertThat(violations(HEAD + "do: [ { a: { set: { x: '${ $secrets" + " ".repeat(50_000) + " }' } } } ]"))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(a{1,1000}){1,1000}", "((a{1,1000}){1,1000}){1,1000}", "(?:(?:a?){200}){200}"})
    void boundsPatternsThatAreLargerThanTheyLook(String pattern) {
        String filters = list(
                2_000, index -> "t" + index + ": { listen: { to: { one: { with: { type: '" + pattern + "' } } } } }");
        assertThat(violations(HEAD + filters)).hasSize(100).allMatch(violation -> violation.contains("/with/type "));

        String schemas = list(
                2_000,
                index -> "t" + index + ": { set: { x: 1 }, input: { schema: { document: { pattern: '" + pattern
                        + "' } } } }");
        assertThat(violations(HEAD + schemas))
                .hasSize(100)
                .allMatch(violation -> violation.contains("/input/schema/document "))
                .noneMatch(violation -> violation.contains("Exception"));
    }

    @Test
    void boundsPatternsThatNeverClose() {
        String filter =
                "do: [ { a: { listen: { to: { one: { with: { type: '" + "(a|".repeat(300_000) + "' } } } } } } ]";
        assertThat(violations(HEAD + filter))
                .singleElement()
                .asString()
                .startsWith("6:45 /do/0/a/listen/to/one/with/type invalid regular expression: (a|(a|");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1e999999999            | ",
                "-1e-999999999          | ",
                "1e9999999999           | 1:97 /do/0/a/set/x is a number too large or too small to be held",
                "1e-99999999999999999   | 1:97 /do/0/a/set/x is a number too large or too small to be held",
                "NaN                    | 1:100  the JSON is malformed: Non-standard token 'NaN'",
                "0x10                   | 1:98  the JSON is malformed: Unexpected character ('x'",
            })
    void holdsNumbersThatNoDoubleHolds(String number, @Nullable String violation) {
        List<String> violations = Documents.violations(set(number), Format.JSON);

        if (violation == null) {
            assertThat(violations).isEmpty();
        } else {
            assertThat(violations).singleElement().asString().startsWith(violation);
        }
    }

    @Test
    void tellsWhereANumberIsThatIsTooLong() {
        assertThat(Documents.violations(set("9".repeat(1_001)), Format.JSON))
                .singleElement()
                .asString()
                .startsWith("1:93  the JSON is malformed: Number value length (1001) exceeds the maximum");
        assertThat(violations(HEAD + "do: [ { a: { set: { x: 1e9999999999 } } } ]"))
                .isEmpty();
        assertThat(Documents.yaml(HEAD + "do: [ { a: { set: { x: 1e9999999999 } } } ]")
                        .source()
                        .at("/do/0/a/set/x")
                        .isString())
                .isTrue();
    }

    @Test
    void expandsNoAnchorNoMergeKeyAndNoTag() {
        assertThat(violations("a: &a [*a]\n"))
                .hasSize(2)
                .allMatch(violation -> violation.contains("anchors and aliases are not accepted"));
        assertThat(violations(HEAD + "base: &b { x: 1 }\ndo: [ { a: { set: { <<: *b } } } ]"))
                .filteredOn(violation -> violation.contains("anchors and aliases are not accepted"))
                .hasSize(2);
        // Without an alias it is a name as any other (YAML 1.2).
        assertThat(violations(HEAD + "do: [ { a: { <<: { set: { x: 1 } } } } ]"))
                .contains("6:14 /do/0/a/<< unknown property '<<'");
        assertThat(violations("a: !!java/object:java.net.URL ['http://x']\n"))
                .contains("1:4 /a the tag tag:yaml.org,2002:java/object:java.net.URL is not accepted");
        assertThat(violations("%TAG ! tag:evil.example:\n---\na: !x 1\n"))
                .contains("3:4 /a the tag tag:evil.example:x is not accepted");
        assertThat(violations("a: !!binary aGVsbG8=\nb: !!timestamp 2001-01-01\nc: !!set { x }\n"))
                .filteredOn(violation -> violation.endsWith(" is not accepted"))
                .hasSize(3);
    }

    @Test
    void refusesTextThatIsNoUtf8OrHasWhatNoTextHas() {
        byte[] utf16 = (HEAD + SET).getBytes(StandardCharsets.UTF_16);
        assertThat(Documents.violations(utf16, Format.YAML)).containsExactly("1:1  the text is not UTF-8");
        assertThat(Documents.violations((HEAD + SET).getBytes(StandardCharsets.UTF_16LE), Format.YAML))
                .singleElement()
                .asString()
                .contains("the YAML is malformed");
        assertThat(violations("a: \0\n")).singleElement().asString().contains("special characters are not allowed");
        assertThat(Documents.violations("{\"a\": \"\0\"}", Format.JSON))
                .singleElement()
                .asString()
                .contains("Illegal unquoted character");
    }

    /** They are looked for in a database, which has no such text. */
    @Test
    void refusesNamesThatNoDatabaseHolds() {
        assertThat(violations(HEAD + """
                schedule: { on: { one: { with: { type: "a\\0b", source: "\\ud800", data: "a\\0b" } } } }
                do:
                  - a: { run: { workflow: { namespace: a, name: "a\\0b", version: 1.0.0 } } }
                  - b: { listen: { to: { one: { with: { subject: "\\e2J" } } } } }
                  - "c\\0d": { set: { x: 1 } }
                use: { functions: { "\\x7f": { set: { x: 1 } } }, extensions: [ { "\\r": { extend: set } } ] }
                """))
                .hasSize(7)
                .allMatch(violation -> violation.endsWith(" must not have control characters or half characters"))
                .anyMatch(violation -> violation.startsWith("6:34 /schedule/on/one/with/type "))
                .anyMatch(violation -> violation.startsWith("8:43 /do/0/a/run/workflow/name "))
                .anyMatch(violation -> violation.startsWith("10:5 /do/2/c"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "'text'", "[]", "null", "true", "2026-01-01"})
    void refusesADocumentThatIsNoObject(String text) {
        assertThat(violations(text)).singleElement().asString().startsWith("1:1  must be an object, not ");
    }

    private static String set(String value) {
        return "{\"document\":{\"dsl\":\"1.0.3\",\"namespace\":\"a\",\"name\":\"a\",\"version\":\"1.0.0\"},\"do\":[{\"a\":{\"set\":{\"x\":"
                + value + "}}}]}";
    }
}
