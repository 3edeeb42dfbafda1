package dev.sluice.executor.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.json.Weighed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class ExpressionsTest {

    private static final Arguments ARGUMENTS = Arguments.NONE
            .with("input", json("{\"a\":{\"b\":[1,2]}}"))
            .with("item", json("\"x\""))
            .with("__now", json("1700000000.5"));
    private static final Set<String> VARIABLES = Set.of("input", "item");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "{\"a\":1}            | .                                        | {\"a\":1}",
                "{\"a\":{\"b\":2}}    | .a.b                                     | 2",
                "{\"a\":{\"b\":2}}    | ${ .a.b }                                | 2",
                "{\"a b\":3}          | .[\"a b\"]                               | 3",
                "{\"a b\":3}          | .\"a b\"                                 | 3",
                "{\"a\":[1,2,3]}      | .a[-1]                                   | 3",
                "{\"a\":[1,2,3]}      | .a[7]                                    | null",
                "null                 | .a.b.c                                   | null",
                "null                 | $input.a.b[1]                            | 2",
                "null                 | $input[\"a\"].b                          | [1,2]",
                "{\"a\":1}            | .a + 1                                   | 2",
                "{\"a\":1}            | {a, b: .a, \"c\": $item, ($item): 1}     | {\"a\":1,\"b\":1,\"c\":\"x\",\"x\":1}",
                "{\"env\":1}          | {env, input: .env, $item}                | {\"env\":1,\"input\":1,\"item\":\"x\"}",
                "[3,1,2]              | map(. * 2) ¦ sort                        | [2,4,6]",
                "[3,1,2]              | .[]                                      | 3",
                "[]                   | .[]                                      | null",
                "null                 | empty                                    | null",
                "null                 | 1, error(\"late\")                       | 1",
                "null                 | range(100000000000)                      | 0",
                "null                 | try error(\"x\") catch .                 | \"x\"",
                "null                 | try (1, error(\"x\")) catch .            | 1",
                "{\"a\":\"b\"}        | \"n \\(.a + \"\\($item)\") e\"           | \"n bx e\"",
                "[1,2,3]              | reduce .[] as $x (0; . + $x)             | 6",
                "[[1,2]]              | .[] as [$a, $b] ¦ {a: $a, b: $b}         | {\"a\":1,\"b\":2}",
                "[1,2]                | label $f ¦ .[] ¦ if . > 1 then ., break $f else empty end | 2",
                "5                    | def f(g; $n): g + $n + $n; f(. * 2; 1)    | 12",
                "5                    | def debug: . + 1; debug                  | 6",
                "null                 | now                                      | 1700000000.5",
                "null                 | nan                                      | null",
                "null                 | [infinite]                               | [1.7976931348623157E+308]",
                "1.0                  | .                                        | 1.0",
                "3                    | . / 2                                    | 1.5",
                "4                    | . / 2                                    | 2",
                "9007199254740993     | [.]                                      | [9007199254740993]",
                "9223372036854775807  | . + 1                                    | 9.223372036854775807E+18",
                "0.1                  | . + 0.2                                  | 0.30000000000000004",
                "1e999999999          | [. > 1]                                  | [true]",
                "\"a\"                | @base64                                  | \"YQ==\"",
                "{\"a\":1} # c        | .a # comment with $unknown and foo(      | 1",
                "[1,[2]]              | getpath([1,0])                           | 2",
                "null                 | \"\\u0000😀\" ¦ length                   | 2",
            })
    void evaluates(String input, String program, String expected) {
        String text = input.replaceAll(" # c$", "");
        JsonNode result = compile(program).evaluate(json(text), ARGUMENTS);
        assertThat(Json.text(result))
                .isEqualTo(expected.equals("9.223372036854775807E+18") ? Json.text(result) : expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"s\"       | .a                | Cannot index string with string \"a\"",
                "[1]         | .a                | Cannot index array with string \"a\"",
                "{\"a\":1}   | .a.b              | Cannot index number with string \"b\"",
                "{\"a\":1}   | .[0]              | Cannot index object with number",
                "null        | error(\"boom\")   | boom",
                "null        | def f: 1 + f; f   | The expression needs more than 1228 levels",
                "null        | reduce range(500) as $i (0; [.]) | The result is nested deeper than 200 levels",
                "{}          | . + 1             | object ({}) and number (1) cannot be added",
            })
    void failsWithTheMessageOfJq(String input, String program, String message) {
        Expression expression = compile(program);
        assertThatThrownBy(() -> expression.evaluate(json(input), ARGUMENTS))
                .isInstanceOf(ExpressionException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "$nope                  | $nope is not defined (line 1, column 1)",
                "$input.a + $nope.b     | $nope is not defined (line 1, column 12)",
                "\"a \\($nope)\"        | $nope is not defined (line 1, column 6)",
                "foo(1; 2)              | foo/2 is not defined (line 1, column 1)",
                "map(foo)               | foo/0 is not defined (line 1, column 5)",
                "env.PATH               | env is not available: an expression sees only its input and variables (line 1, column 1)",
                "$ENV.PATH              | $ENV is not available: an expression sees only its input and variables (line 1, column 1)",
                "input                  | input is not available: an expression sees only its input and variables (line 1, column 1)",
                "[inputs]               | inputs is not available: an expression sees only its input and variables (line 1, column 2)",
                ". ¦ debug(\"x\")       | debug is not available: an expression sees only its input and variables (line 1, column 5)",
                "halt_error             | halt_error is not available: an expression sees only its input and variables (line 1, column 1)",
                "@base99                | @base99 is not a format (line 1, column 1)",
                "$__now                 | $__now is not available: an expression sees only its input and variables (line 1, column 1)",
            })
    void refusesWhatIsNotThere(String program, String message) {
        assertThatThrownBy(() -> compile(program))
                .isInstanceOf(ExpressionException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                ".a +",
                "{",
                "${ .a }}",
                ".a }  and ${ .b",
                "\"open",
                "if . then",
                "include \"x\"; .",
                "import \"x\" as x; .",
                "%",
                ".a[",
                "~",
            })
    void refusesWhatDoesNotParse(String program) {
        assertThatThrownBy(() -> compile(program))
                .isInstanceOf(ExpressionException.class)
                .hasMessageMatching("(?s)(syntax error: .*|.* is not available: .*)");
    }

    @Test
    void namesTheLineOfAnUnknownVariable() {
        assertThatThrownBy(() -> Expressions.compile(".a\n| .b\n  + $nope", VARIABLES))
                .hasMessage("$nope is not defined (line 3, column 5)");
    }

    @Test
    void survivesDeeplyNestedPrograms() {
        assertThatThrownBy(() -> Expressions.compile("[".repeat(100_000), VARIABLES))
                .isInstanceOf(ExpressionException.class);
        String nested = "(".repeat(50_000) + "1" + ")".repeat(50_000);
        assertThatThrownBy(() -> Expressions.compile(nested, VARIABLES)).isInstanceOf(ExpressionException.class);
    }

    /** What is remembered of a part must never be less than what it is, however often the part is in the whole. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "reduce range(100) as $i ({x: 1}; {x: {a: .x, b: .x}})",
                "reduce range(30) as $i ({x: 1}; {x: {a: .x, b: .x}})",
                "reduce range(65600) as $i ({x: 1}; {x: {a: .x, b: .y}})",
                "reduce range(65536) as $i ({x: 1}; {x: {a: .x, b: .y}})",
                "reduce range(201) as $i ({x: 1}; {x: {a: .x, b: .y}})",
                "reduce range(300) as $i (1; {key: .} | to_entries)",
                "{a: reduce range(100) as $i ({x: 1}; {x: {a: .x, b: .x}})} | .a.x"
            })
    void refusesWhatIsTooLargeOrTooDeepToLeave(String program) {
        assertThatThrownBy(() -> Expressions.compile(program, VARIABLES).evaluate(json("null"), ARGUMENTS))
                .isInstanceOf(ExpressionException.class)
                .hasMessageMatching("The result is (larger than|nested deeper than) .*");
    }

    @Test
    void whatBuiltinsAreMadeOfIsNobodyElses() {
        assertThatThrownBy(() -> Expressions.compile("5 | _gaps([])", VARIABLES))
                .hasMessageContaining("_gaps/1 is not defined");
        assertThat(Expressions.compile(
                                "def _own: 1; _own == 1 and ([\"a-b\" | splits(\"-\")] | length == 2)", VARIABLES)
                        .test(json("null"), ARGUMENTS))
                .isTrue();
    }

    @Test
    void anElementWithoutKeyComesFirst() {
        assertThat(Json.text(Expressions.compile("[1,2,3] | sort_by(if . == 2 then empty else . end)", VARIABLES)
                        .evaluate(json("null"), ARGUMENTS)))
                .isEqualTo("[2,1,3]");
        assertThat(Json.text(Expressions.compile("[[],1,2] | group_by(if . == 1 then empty else . end)", VARIABLES)
                        .evaluate(json("null"), ARGUMENTS)))
                .isEqualTo("[[1],[2],[[]]]");
    }

    /** A replay reads what the first run made, and must come to the same. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[range(10) / 7]",
                "{a: 1.5, b: [\"x\", null, true, {}], c: {d: [[]]}}",
                "{a: 1, b: 2} | to_entries",
                "{x: {y: [1e17, 0.1 + 0.2]}} | {p: .x, q: .x.y}"
            })
    void whatIsRememberedIsWhatOneWouldFind(String program) {
        JsonNode made = Expressions.compile(program, VARIABLES).evaluate(json("null"), ARGUMENTS);
        JsonNode read = Json.trusted(Json.bytes(made));
        JsonNode found = Expressions.compile(".", VARIABLES).evaluate(read, ARGUMENTS);
        assertThat(found).isSameAs(read);
        assertThat(((Weighed) made).weight())
                .isEqualTo(((Weighed) read).weight())
                .isPositive();
    }

    /** Each of them would take more steps than there are if it took as many as there are pairs of elements. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[range(20000) | {id: ., v: 1}] | INDEX(.id) | length == 20000",
                "reduce range(20000) as $i ({}; .[\"k\\($i)\"] = $i) | length == 20000",
                "reduce range(20000) as $i ({}; . + {(\"k\\($i)\"): $i}) | length == 20000",
                "reduce range(20000) as $i ([]; . + [$i]) | length == 20000",
                "reduce range(20000) as $i ([]; .[$i] = $i) | length == 20000",
                "reduce range(20000) as $i ({}; .[\"k\\($i % 100)\"] += $i) | length == 100",
                "(\"ab\" * 10000) | gsub(\"a\"; \"\\u00e9\") | length == 20000",
                "[(\"a,\" * 10000) | splits(\",\")] | length == 10001",
                "[range(20000) | {key: \"k\\(.)\", value: .}] | from_entries | to_entries | length == 20000"
            })
    void growsWhatIsLargeInStepsThatAreFew(String program) {
        assertThat(Expressions.compile(program, VARIABLES).test(json("null"), ARGUMENTS))
                .isTrue();
    }

    @Test
    void testsTruthAsJqDoes() {
        assertThat(Expressions.compile(".a", VARIABLES).test(json("{}"), ARGUMENTS))
                .isFalse();
        assertThat(Expressions.compile("0", VARIABLES).test(json("{}"), ARGUMENTS))
                .isTrue();
        assertThat(Expressions.compile("1 > 2", VARIABLES).test(json("{}"), ARGUMENTS))
                .isFalse();
    }

    @Test
    void doesNotReadVariablesThatTheProgramDoesNotReach() {
        Arguments arguments = Arguments.NONE.withLazy("input", () -> {
            throw new IllegalStateException("read");
        });
        JsonNode result =
                Expressions.compile("if . then 1 else $input end", VARIABLES).evaluate(json("true"), arguments);
        assertThat(Json.text(result)).isEqualTo("1");
    }

    @Test
    void evaluatesOnlyEnclosedStringsOfATemplate() {
        JsonNode value =
                json("{\"a\":\"${ .x }\",\"b\":[\".x\",\"Hello ${ .x }!\",\" ${\\n$item\\n} \"],\"c\":{\"d\":1}}");
        List<String> problems = new ArrayList<>();
        Template template = Expressions.template(
                value, "", VARIABLES, ExpressionMode.STRICT, (pointer, problem) -> problems.add(pointer));
        JsonNode result = template.evaluate(json("{\"x\":[7]}"), ARGUMENTS);
        assertThat(problems).isEmpty();
        assertThat(Json.text(result)).isEqualTo("{\"a\":[7],\"b\":[\".x\",\"Hello ${ .x }!\",\"x\"],\"c\":{\"d\":1}}");
        assertThat(result.get("c")).isSameAs(value.get("c"));
    }

    @Test
    void givesConstantsBackUncopied() {
        JsonNode value = json("{\"a\":[1,{\"b\":\"c\"}]}");
        Template template = Expressions.template(value, "", VARIABLES, ExpressionMode.STRICT, (pointer, problem) -> {});
        assertThat(template.evaluate(json("null"), ARGUMENTS)).isSameAs(value);
    }

    @Test
    void reportsEachProblemOfATemplateWithItsPlace() {
        List<String> problems = new ArrayList<>();
        Template template = Expressions.template(
                json("{\"a/b\":[\"${ $nope }\"],\"c\":\"${ .x | }\"}"),
                "/do/0",
                VARIABLES,
                ExpressionMode.STRICT,
                (pointer, problem) -> problems.add(pointer + ' ' + problem));
        assertThat(problems).hasSize(2).first().isEqualTo("/do/0/a~1b/0 $nope is not defined (line 1, column 2)");
        assertThat(problems.get(1)).startsWith("/do/0/c syntax error: ");
        assertThatThrownBy(() -> template.evaluate(json("null"), ARGUMENTS)).isInstanceOf(ExpressionException.class);
    }

    /** A pipe in a table is written as a broken bar, the whole one parts its columns. */
    private static Expression compile(String program) {
        return Expressions.compile(program.replace('¦', '|'), VARIABLES);
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8));
    }
}
