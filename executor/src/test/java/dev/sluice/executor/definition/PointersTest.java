package dev.sluice.executor.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.definition.WorkflowDocuments.Format;
import dev.sluice.shared.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Names that look like something else on the way to a value. */
final class PointersTest {

    private static final List<String> NAMES = List.of(
            "__proto__",
            "constructor",
            "toString",
            "/",
            "//",
            "~",
            "~0",
            "~1",
            "~01",
            "~10",
            "/0",
            "0",
            "00",
            "-1",
            "-",
            ".",
            "..",
            "../a",
            "do",
            "do/0/do",
            "set",
            "i0",
            "t0",
            "f0",
            "p0",
            "m",
            "a0",
            "~2",
            "0~1",
            "!",
            "%2F",
            "#",
            "*",
            "a",
            "A",
            "а",
            "ａ",
            "a\u200b",
            "a\u0301",
            "á",
            "\u202ea",
            "\ud83d\ude00",
            "\"",
            "'",
            "\\",
            "a b",
            " a",
            "x".repeat(1_000));

    @Test
    void areDifferentForDifferentPlacesWhateverTheNamesAre() {
        Map<String, List<String>> seen = new HashMap<>();
        paths().forEach(path -> {
            String pointer = "";
            for (String name : path) {
                pointer = Pointers.child(pointer, name);
            }
            assertThat(seen.put(pointer, path)).as(pointer).isNull();
        });
    }

    /** One and two names deep: with three the separators could only be those of two. */
    private static Stream<List<String>> paths() {
        return Stream.concat(
                NAMES.stream().map(List::of),
                NAMES.stream().flatMap(one -> NAMES.stream().map(two -> List.of(one, two))));
    }

    @Test
    void leadToTheTasksOfSuchNames() {
        ObjectNode document = Json.object();
        document.set(
                "document",
                Json.object()
                        .put("dsl", "1.0.3")
                        .put("namespace", "a")
                        .put("name", "a")
                        .put("version", "1.0.0"));
        var list = document.putArray("do");
        for (String name : NAMES) {
            list.addObject().putObject(name).putObject("set").put("name", name);
        }

        Workflow workflow = Documents.json(Json.text(document));

        List<String> references = new ArrayList<>();
        for (Task task : workflow.tasks().tasks()) {
            JsonNode found = document.at(task.base().reference());
            assertThat(found.at("/set/name").asString()).isEqualTo(task.base().name());
            assertThat(workflow.tasks()
                            .tasks()
                            .get(workflow.tasks().indexOf(task.base().name())))
                    .isSameAs(task);
            references.add(task.base().reference());
        }
        assertThat(references).doesNotHaveDuplicates().hasSize(NAMES.size());
    }

    @Test
    void refuseNamesThatAreNone() {
        assertThat(Documents.violations(Documents.HEAD + "do: [ { '': { set: { x: 1 } } } ]", Format.YAML))
                .containsExactly("6:9 /do/0/ a task needs a name");
        assertThat(Documents.violations(Documents.HEAD + "do: [ { '  ': { set: { x: 1 } } } ]", Format.YAML))
                .containsExactly("6:9 /do/0/   a task needs a name");
        assertThat(Documents.violations(Documents.HEAD + "do: [ { end: { set: { x: 1 } } } ]", Format.YAML))
                .containsExactly("6:9 /do/0/end a task cannot be named 'end', which is a flow directive");
    }

    @ParameterizedTest
    @CsvSource({"'',true", "/,true", "/a/b,true", "/a~0b~1,true", "a,false", "/~,false", "/~2,false", "/a~,false"})
    void areRecognized(String text, boolean pointer) {
        assertThat(Pointers.isPointer(text)).isEqualTo(pointer);
    }

    @Test
    void areToldAsFarAsTheyCanBeRead() {
        String around = "/" + "a".repeat(400);
        assertThat(Pointers.told(around)).isEqualTo(around);
        assertThat(Pointers.told(around + "/" + "b".repeat(99) + "/c/d")).isEqualTo(around);
        assertThat(Pointers.told("/" + "a".repeat(500))).isEmpty();
    }
}
