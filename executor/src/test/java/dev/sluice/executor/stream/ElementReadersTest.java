package dev.sluice.executor.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.shared.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Each format cut wherever a network may cut it, and what is of none. */
final class ElementReadersTest {

    private static final int LARGEST = 100;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 1_000})
    void readsElementsOfAnArray(int cut) {
        assertThat(array(" [ 1 , \"a]\\\"},{\" ,{\"b\":[{},[]]} , null,true ,-1.5e3, \"€😀\" ] \n", cut))
                .containsExactly("1", "\"a]\\\"},{\"", "{\"b\":[{},[]]}", "null", "true", "-1.5E+3", "\"€😀\"");
        assertThat(array("[]", cut)).isEmpty();
        assertThat(array("\uFEFF\t[ \n ]\r\n", cut)).isEmpty();
        assertThat(array("[\"\\\\\",[1,[2,3]]]", cut)).containsExactly("\"\\\\\"", "[1,[2,3]]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{}",
                "1",
                "[1",
                "[1,",
                "[\"a",
                "[1,]",
                "[,1]",
                "[1,,2]",
                "[1 2]",
                "[1}",
                "[{]}",
                "[[1]",
                "[1]]",
                "[1],",
                "[1] 2",
                "[1][2]",
                "[a]",
                "{\"a\":[1]}",
                "[\"\\x\"]",
                "[01]",
                "[{\"a\":1,\"a\":2}]"
            })
    void findsWhatIsNoArray(String text) {
        for (int cut : List.of(1, 3, 1_000)) {
            assertThatExceptionOfType(MalformedStreamException.class)
                    .as("%s cut by %d", text, cut)
                    .isThrownBy(() -> array(text, cut));
        }
    }

    /** Whatever is JSON is found as the parser finds it. */
    @RepeatedTest(20)
    void agreesWithTheParser() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        ArrayNode expected = Json.array();
        for (int i = 0; i < 50; i++) {
            expected.add(value(random, 3));
        }
        byte[] text = Json.bytes(expected);
        List<JsonNode> found = new ArrayList<>();
        var reader = new JsonArrayReader(10_000);
        for (int from = 0; from < text.length; ) {
            int to = Math.min(text.length, from + 1 + random.nextInt(20));
            reader.feed(Arrays.copyOfRange(text, from, to), found::add);
            from = to;
        }
        reader.end(found::add);
        assertThat(found).as("seed %d", seed).containsExactlyElementsOf(expected);
    }

    private static JsonNode value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 5 : 3)) {
            case 0 -> Json.read(Integer.toString(random.nextInt()).getBytes(UTF_8));
            case 1 -> Json.string("\\\"[]{},\n€😀".substring(0, random.nextInt(8)));
            case 2 -> Json.read("null".getBytes(UTF_8));
            case 3 -> Json.object().set("k" + random.nextInt(5), value(random, depth - 1));
            default -> Json.array().add(value(random, depth - 1)).add(value(random, depth - 1));
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 1_000})
    void readsAValueOnEachLine(int cut) {
        assertThat(read(() -> new NdjsonReader(LARGEST), "{\"a\":1}\n\n \r\n[2]\r\"€\"\n3", cut))
                .containsExactly("{\"a\":1}", "[2]", "\"€\"", "3");
        assertThat(read(() -> new NdjsonReader(LARGEST), "", cut)).isEmpty();
    }

    @Test
    void saysWhichLineIsNoValue() {
        assertThatExceptionOfType(MalformedStreamException.class)
                .isThrownBy(() -> read(() -> new NdjsonReader(LARGEST), "1\n\n{\"secret\":\n", 2))
                .withMessage("Line 3 is not JSON.");
        assertThatExceptionOfType(MalformedStreamException.class)
                .isThrownBy(() ->
                        new NdjsonReader(LARGEST).feed(new byte[] {'"', (byte) 0xC3, '"', '\n'}, element -> {}));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 1_000})
    void readsRecordsOfFields(int cut) {
        assertThat(csv("\uFEFFid,name\r\n1,\"a, \"\"b\"\"\r\nc\"\r\n\r\n2,€😀\n3,\r4,\"\"", cut))
                .containsExactly(
                        "{\"id\":\"1\",\"name\":\"a, \\\"b\\\"\\r\\nc\"}",
                        "{\"id\":\"2\",\"name\":\"€😀\"}",
                        "{\"id\":\"3\",\"name\":\"\"}",
                        "{\"id\":\"4\",\"name\":\"\"}");
        assertThat(csv("", cut)).isEmpty();
        assertThat(csv("only,names\n", cut)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,b\n1\n", "a,b\n1,2,3\n", "a,a\n", "a\n\"1", "a\n1\"2\"\n", "a\n\"1\"2\n"})
    void findsWhatAreNoRecords(String text) {
        for (int cut : List.of(1, 1_000)) {
            assertThatExceptionOfType(MalformedStreamException.class).isThrownBy(() -> csv(text, cut));
        }
        assertThatExceptionOfType(MalformedStreamException.class)
                .isThrownBy(() -> new CsvReader(LARGEST, ',').feed(new byte[] {'a', (byte) 0xFF}, element -> {}));
        assertThatExceptionOfType(MalformedStreamException.class).isThrownBy(() -> {
            var reader = new CsvReader(LARGEST, ',');
            reader.feed(new byte[] {'a', (byte) 0xE2, (byte) 0x82}, element -> {});
            reader.end(element -> {});
        });
    }

    @Test
    void holdsNoMoreThanOneElement() {
        String large = "x".repeat(LARGEST);
        for (ElementReader<JsonNode> reader : List.of(
                new JsonArrayReader(LARGEST),
                new NdjsonReader(LARGEST),
                new CsvReader(LARGEST, ','),
                new EventReader(LARGEST))) {
            assertThatExceptionOfType(MalformedStreamException.class)
                    .isThrownBy(() -> reader.feed(("[" + large + large).getBytes(UTF_8), element -> {}))
                    .withMessageContaining("longer than " + LARGEST);
        }
        assertThatExceptionOfType(MalformedStreamException.class)
                .isThrownBy(() ->
                        new CsvReader(LARGEST, ',').feed(",".repeat(LARGEST + 1).getBytes(UTF_8), element -> {}));
    }

    @Test
    void readsTheDataOfEvents() {
        assertThat(read(() -> new EventReader(LARGEST), "id: 7\nevent: e\ndata: {\"a\":1}\n\ndata: [DONE]\n\n", 5))
                .containsExactly(
                        "{\"event\":\"e\",\"id\":\"7\",\"data\":{\"a\":1}}",
                        "{\"event\":\"message\",\"id\":\"7\",\"data\":\"[DONE]\"}");
    }

    private static List<String> array(String text, int cut) {
        return read(() -> new JsonArrayReader(LARGEST), text, cut);
    }

    private static List<String> csv(String text, int cut) {
        return read(() -> new CsvReader(LARGEST, ','), text, cut);
    }

    private static List<String> read(Supplier<ElementReader<JsonNode>> made, String text, int cut) {
        List<String> elements = new ArrayList<>();
        ElementReader<JsonNode> reader = made.get();
        byte[] bytes = text.getBytes(UTF_8);
        for (int from = 0; from < bytes.length; from += cut) {
            reader.feed(
                    Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + cut)),
                    element -> elements.add(Json.text(element)));
        }
        reader.end(element -> elements.add(Json.text(element)));
        return elements;
    }
}
