package dev.sluice.executor.expression.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.program.JqCases.JqCase;
import dev.sluice.executor.expression.syntax.CompileException;
import dev.sluice.executor.expression.syntax.Parser;
import dev.sluice.executor.expression.syntax.Term;
import dev.sluice.executor.expression.value.Order;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** What programs give, and why others are refused: the cases of the files in {@code jq}, each file about one subject. */
final class JqCasesTest {

    private static final Path FOLDER = Path.of("src/test/resources/jq");

    @TestFactory
    Stream<DynamicContainer> cases() throws IOException {
        return files().stream()
                .map(file -> DynamicContainer.dynamicContainer(
                        file.getFileName().toString(),
                        read(file).stream().map(each -> DynamicTest.dynamicTest(each.toString(), () -> check(each)))));
    }

    @Test
    void callEachBuiltin() throws IOException {
        Set<String> called = files().stream()
                .flatMap(file -> read(file).stream())
                .filter(each -> each.refusal().isEmpty())
                .flatMap(each -> calls(Parser.parse(each.program())))
                .collect(Collectors.toUnmodifiableSet());
        assertThat(Names.all()).hasSizeGreaterThan(200).isSubsetOf(called);
    }

    @Test
    void linesAreCounted() {
        assertThatExceptionOfType(CompileException.class)
                .isThrownBy(() -> Program.compile("1 +\n  two\r\n# three\n  + $four", Set.of()))
                .withMessage("two/0 is not defined (line 2, column 3); $four is not defined (line 4, column 5)");
        assertThat(Programs.run("1 |\n\n $__loc__ | .line", Programs.json("null")))
                .containsExactly(Programs.json("3"));
    }

    @Test
    void commentsEndWithTheirLines() {
        assertThat(Programs.run(". # one\n + 1", Programs.json("1"))).containsExactly(Programs.json("2"));
        assertThat(Programs.run("1 # goes on \\\n + 5\n + 1", Programs.json("1")))
                .containsExactly(Programs.json("2"));
        assertThat(Programs.run("1 # does not \\\\\n + 1", Programs.json("1"))).containsExactly(Programs.json("2"));
        assertThat(Programs.run("# nothing", Programs.json("1"))).containsExactly(Programs.json("1"));
    }

    @Test
    void builtinsAreAllDefined() {
        for (String name : Names.all()) {
            int arity = Integer.parseInt(name.substring(name.indexOf('/') + 1));
            String arguments = arity == 0 ? "" : "(." + ";.".repeat(arity - 1) + ')';
            assertThat(Program.compile(name.substring(0, name.indexOf('/')) + arguments, Set.of(Program.CLOCK)))
                    .as(name)
                    .isNotNull();
        }
    }

    /** The names and arities of what a term, and all within it, calls. */
    private static Stream<String> calls(Object part) {
        return switch (part) {
            case Term.Call call ->
                Stream.concat(Stream.of(call.name() + '/' + call.arguments().size()), calls(call.arguments()));
            case List<?> parts -> parts.stream().flatMap(JqCasesTest::calls);
            case Record parts ->
                Stream.of(parts.getClass().getRecordComponents())
                        .map(component -> value(parts, component))
                        .flatMap(Optional::stream)
                        .flatMap(JqCasesTest::calls);
            default -> Stream.empty();
        };
    }

    private static Optional<Object> value(Record parts, RecordComponent component) {
        try {
            return Optional.ofNullable(component.getAccessor().invoke(parts));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList();
        }
    }

    private static List<JqCase> read(Path file) {
        try {
            return JqCases.read(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void check(JqCase each) {
        if (!each.refusal().isEmpty()) {
            assertThatExceptionOfType(CompileException.class)
                    .isThrownBy(() -> Program.compile(each.program(), Set.of(Program.CLOCK)))
                    .withMessage(each.refusal());
            return;
        }
        List<JsonNode> outputs = Programs.run(each.program(), Programs.json(each.input()));
        List<JsonNode> expected = each.outputs().stream().map(Programs::json).toList();
        Budget budget = Programs.budget();
        assertThat(outputs)
                .usingElementComparator((one, other) -> Order.compare(one, other, budget))
                .containsExactlyElementsOf(expected);
    }
}
