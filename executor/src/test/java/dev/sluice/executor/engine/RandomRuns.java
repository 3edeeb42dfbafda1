package dev.sluice.executor.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Random tasks that compile, of all kinds that need nothing outside but calls. The same seed gives the same tasks. */
final class RandomRuns {

    private static final int DEEP = 4;
    private static final List<String> VALUES = List.of(
            "${ . }",
            "${ .a }",
            "${ [.] }",
            "${ {a: ., b: $context} }",
            "${ .a + 1 }",
            "${ (.n // 0) + 1 }",
            "${ tojson }",
            "${ .a.b.c }",
            "${ error(\"no\") }",
            "${ [range(3)] }",
            "${ $task.name }",
            "1",
            "${ .[] }");
    private static final List<String> CONDITIONS = List.of(
            ".a",
            ".n > 2",
            "true",
            "false",
            "$context.a == null",
            "error",
            ".a | length > 1",
            "(.n // 0) < 3",
            ". == null");
    private static final List<String> COLLECTIONS =
            List.of("[1, 2]", "[range(4)]", "[]", ".a", "[$context, .]", "{}", "error", "[[], {}]");

    private final Random random;
    private int names;

    RandomRuns(long seed) {
        this.random = new Random(seed);
    }

    /** {@code do:} with some tasks. */
    String document() {
        return "do: " + list(0, 1 + random.nextInt(4)) + "\n";
    }

    private String list(int depth, int size) {
        return list(depth, size, true);
    }

    /** Of tasks that lead to one another, or of branches, which lead nowhere. */
    private String list(int depth, int size, boolean sequence) {
        List<String> own =
                IntStream.range(0, size).mapToObj(index -> "t" + names++).toList();
        return IntStream.range(0, size)
                .mapToObj(index -> "{ " + own.get(index) + ": " + task(depth, sequence ? own : List.of(), index) + " }")
                .collect(Collectors.joining(", ", "[ ", " ]"));
    }

    private String task(int depth, List<String> siblings, int index) {
        List<String> members = new ArrayList<>();
        members.add(kind(depth, siblings, index));
        maybe(members, 6, "if: " + quoted(pick(CONDITIONS)));
        maybe(members, 8, "input: { from: " + quoted(pick(VALUES)) + " }");
        maybe(members, 8, "output: { as: " + quoted(pick(VALUES)) + " }");
        maybe(members, 6, "export: { as: " + quoted(pick(VALUES)) + " }");
        maybe(members, 10, "timeout: { after: PT" + random.nextInt(3) + "S }");
        maybe(members, 8, "then: " + directive(siblings, index));
        return "{ " + String.join(", ", members) + " }";
    }

    private void maybe(List<String> members, int odds, String member) {
        if (random.nextInt(odds) == 0) {
            members.add(member);
        }
    }

    /** Never back: most would never end. */
    private String directive(List<String> siblings, int index) {
        int target = index + 1 + random.nextInt(2);
        return random.nextInt(3) > 0 && target < siblings.size()
                ? siblings.get(target)
                : pick(List.of("continue", "exit", "end"));
    }

    private String kind(int depth, List<String> siblings, int index) {
        return switch (random.nextInt(depth < DEEP ? 12 : 6)) {
            case 0, 1 -> "set: { a: " + quoted(pick(VALUES)) + ", n: " + quoted(pick(VALUES)) + " }";
            case 2 -> "call: http, with: { method: post, endpoint: 'http://up/x', body: " + quoted(pick(VALUES)) + " }";
            case 3 -> "wait: { milliseconds: " + random.nextInt(2_000) + " }";
            case 4 ->
                "switch: [ { one: { when: " + quoted(pick(CONDITIONS)) + ", then: " + directive(siblings, index)
                        + " } }, { other: { then: " + directive(siblings, index) + " } } ]";
            case 5 -> "raise: { error: { type: 'urn:x', status: 400, detail: " + quoted(pick(VALUES)) + " } }";
            case 6, 7 -> "do: " + list(depth + 1, random.nextInt(4));
            case 8 ->
                "for: { in: " + quoted(pick(COLLECTIONS)) + " }, "
                        + (random.nextInt(3) == 0 ? "while: " + quoted(pick(CONDITIONS)) + ", " : "") + "do: "
                        + list(depth + 1, 1 + random.nextInt(2));
            case 9 ->
                "fork: { compete: " + (random.nextInt(4) == 0) + ", branches: "
                        + list(depth + 1, 1 + random.nextInt(3), false) + " }";
            default -> "try: " + list(depth + 1, 1 + random.nextInt(2)) + ", catch: { " + handler(depth) + " }";
        };
    }

    private String handler(int depth) {
        List<String> members = new ArrayList<>();
        maybe(members, 3, "retry: { delay: PT0.2S, limit: { attempt: { count: " + random.nextInt(3) + " } } }");
        maybe(members, 3, "when: " + quoted(pick(CONDITIONS)));
        maybe(members, 2, "do: " + list(depth + 1, 1));
        return String.join(", ", members);
    }

    private String pick(List<String> some) {
        return some.get(random.nextInt(some.size()));
    }

    private static String quoted(String text) {
        return "'" + text + "'";
    }
}
