package dev.sluice.executor.expression.program;

import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Programs and values drawn at random, the same for a seed. */
final class RandomPrograms {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final List<String> LEAVES = List.of(
            ".",
            "..",
            ".a",
            ".b",
            ".[0]",
            ".[-1]",
            ".[1:]",
            ".[:1]",
            ".[]",
            ".[]?",
            "1",
            "-1",
            "0.5",
            "1e17",
            "null",
            "true",
            "false",
            "\"a\"",
            "\"b c\"",
            "[]",
            "{}",
            "empty",
            "$x",
            "error",
            "keys",
            "length",
            "add",
            "tojson",
            "fromjson",
            "tostring",
            "tonumber",
            "type",
            "sort",
            "unique",
            "reverse",
            "flatten",
            "to_entries",
            "from_entries",
            "paths",
            "leaf_paths",
            "min",
            "max",
            "any",
            "all",
            "not",
            "explode",
            "implode",
            "ascii",
            "transpose",
            "tostream",
            "first",
            "last",
            "floor",
            "sqrt",
            "infinite",
            "nan",
            "isnan",
            "utf8bytelength",
            "trim",
            "ascii_upcase",
            "@csv",
            "@json",
            "@html",
            "@base64",
            "@base64d",
            "@uri",
            "@sh",
            "gmtime",
            "todate",
            "combinations",
            "values",
            "scalars",
            "now",
            "abs",
            "toboolean",
            "$__loc__",
            "error(null)",
            "frexp");
    private static final List<String> UNARY = List.of(
            "[A]",
            "(A)",
            "-(A)",
            "{a: A}",
            "{(A): 1}",
            "\"x\\(A)y\"",
            "@html \"\\(A)\"",
            "A?",
            "try A catch .",
            "first(A)",
            "last(A)",
            "path(A)",
            "[paths(A)]",
            "del(A)",
            "map(A)",
            "map_values(A)",
            "with_entries(A)",
            "select(A)",
            "sort_by(A)",
            "group_by(A)",
            "unique_by(A)",
            "min_by(A)",
            "max_by(A)",
            "any(A)",
            "all(A)",
            "walk(A)",
            "isempty(A)",
            "range(A)",
            "getpath(A)",
            "has(A)",
            "contains(A)",
            "inside(A)",
            "split(A)",
            "join(A)",
            "index(A)",
            "indices(A)",
            "startswith(A)",
            "ltrimstr(A)",
            "test(A)",
            "[match(A; \"g\")]",
            "recurse(A)",
            "label $l | A",
            "label $l | A, break $l",
            "add(A)",
            "pick(A)",
            "to_entries | A",
            "splits(A)",
            "flatten(A)",
            "tojson | A",
            "strftime(A)",
            "strptime(A)",
            "error(A)",
            "bsearch(A)",
            "delpaths([A])",
            "limit(2; A)",
            "skip(1; A)",
            "def f: A; f | f",
            "def f(g): g | A; f(.a)",
            "def f: if . == 0 then A else .[0]? // 0 | f end; f",
            "def f(g): def h: g, A; h | h; f(.[]?)",
            "[foreach A as $x (0; . + 1)]",
            "[limit(5; repeat(A))]");
    private static final List<String> BINARY = List.of(
            "A | B",
            "A, B",
            "A + B",
            "A - B",
            "A * B",
            "A / B",
            "A % B",
            "A == B",
            "A < B",
            "A >= B",
            "A and B",
            "A or B",
            "A // B",
            "A = B",
            "A |= B",
            "A += B",
            "A //= B",
            "A as $x | B",
            "A as [$x] | B",
            "A as {a: $x} | B",
            "A as [$x] ?// $x | B",
            "reduce A as $x (0; B)",
            "reduce A as [$x] (.; B)",
            "foreach A as $x (0; B)",
            "foreach A as $x (.; .; B)",
            "if A then B end",
            "if . then A else B end",
            "try A catch B",
            "[A][B]",
            "{a: A, b: B}",
            "{(A): B}",
            "setpath(A; B)",
            "A[B:]",
            "limit(A; B)",
            "sub(A; B)",
            "gsub(A; B)",
            "range(A; B)",
            "any(A; B)",
            "all(A; B)",
            "IN(A; B)",
            "\"\\(A)\\(B)\"",
            "pow(A; B)",
            "ltrimstr(A) | B",
            "INDEX(A; B)",
            "nth(A; B)",
            "def f(g): A | g; f(B)",
            "def f($x): A + $x; f(B)",
            "def f(g; h): g | h; f(A; B)",
            "until(A; B)",
            "while(A; B)",
            "def f(g): if . then g else f(A) end; f(B)",
            "[A, B] | sort",
            "getpath(A) | B",
            "to_entries[A]? | B");

    private final Random random;

    RandomPrograms(long seed) {
        this.random = new Random(seed);
    }

    /** A program in which {@code $x} is free. */
    String program(int depth) {
        if (depth == 0 || random.nextInt(8) == 0) {
            return any(LEAVES);
        }
        String form = random.nextInt(3) == 0 ? any(UNARY) : any(BINARY);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < form.length(); i++) {
            char c = form.charAt(i);
            boolean part = (c == 'A' || c == 'B')
                    && !(i > 0 && Character.isLetter(form.charAt(i - 1)))
                    && !(i + 1 < form.length() && Character.isLetter(form.charAt(i + 1)));
            if (part) {
                text.append('(').append(program(depth - 1)).append(')');
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    /** A path expression. */
    String path(int depth) {
        if (depth == 0) {
            return any(List.of(
                    ".", ".a", ".b", ".[0]", ".[-1]", ".[1:]", ".[]?", "..", "first(.[]?)", "getpath([\"a\",\"b\"])"));
        }
        String form =
                any(List.of("A | B", "A, B", "A // B", "if A then B else . end", "first(A)", "(A)?", "select(A) | B"));
        return form.replace("A", '(' + path(depth - 1) + ')').replace("B", '(' + path(depth - 1) + ')');
    }

    /** A value of JSON. */
    JsonNode value(int depth) {
        return switch (random.nextInt(depth == 0 ? 7 : 11)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.booleanNode(random.nextBoolean());
            case 2 -> NODES.numberNode(random.nextInt(5) - 1);
            case 3 -> NODES.numberNode(random.nextLong());
            case 4 -> Programs.json(any(List.of("0.5", "-1.25e-7", "1e17", "123456789012345678901234567890", "3.10")));
            case 5 -> NODES.stringNode(any(List.of("", "a", "b", "a,b", "é😀", "\"\\\n", "[1,2]", "2015-03-05")));
            case 6 -> depth == 0 ? NODES.arrayNode() : NODES.stringNode("a");
            case 7, 8 -> array(depth);
            default -> object(depth);
        };
    }

    private ArrayNode array(int depth) {
        ArrayNode array = NODES.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
            array.add(value(depth - 1));
        }
        return array;
    }

    private ObjectNode object(int depth) {
        ObjectNode object = NODES.objectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
            object.set(any(List.of("a", "b", "c", "key", "value")), value(depth - 1));
        }
        return object;
    }

    private <T> T any(List<T> choice) {
        return choice.get(random.nextInt(choice.size()));
    }
}
