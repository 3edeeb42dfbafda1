package dev.sluice.executor.expression.date;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.executor.expression.limit.TestBudgets;
import dev.sluice.executor.expression.text.JsonText;
import dev.sluice.executor.expression.value.JqException;
import dev.sluice.shared.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoField;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

final class DatesTest {

    private static final Map<String, String> BROKEN_DOWN = Map.ofEntries(
            Map.entry("0", "[1970,0,1,0,0,0,4,0]"),
            Map.entry("1425599621", "[2015,2,5,23,53,41,4,63]"),
            Map.entry("1425599621.678", "[2015,2,5,23,53,41.67799997329712,4,63]"),
            Map.entry("0.1", "[1970,0,1,0,0,0.1,4,0]"),
            Map.entry("-1.5", "[1969,11,31,23,59,59.5,3,364]"),
            Map.entry("253402300800", "[10000,0,1,0,0,0,6,0]"),
            Map.entry("-62167219200", "[0,0,1,0,0,0,6,0]"),
            Map.entry("-99999999999", "[-1199,1,15,14,13,21,4,45]"),
            Map.entry("951782400", "[2000,1,29,0,0,0,2,59]"),
            Map.entry("67768036191676792", "[2147485547,11,31,23,59,52,3,364]"));

    private static final Map<String, String> SECONDS = Map.ofEntries(
            Map.entry("[2015,2,5,23,51,47,4,63]", "1425599507"),
            Map.entry("[2024,1,1,1,1,1]", "1706749261"),
            Map.entry("[2024,0,1]", "1704067200"),
            Map.entry("[]", "-2209075200"),
            Map.entry("[2024,13,32,25,61,61.9,0,0]", "1741140121"),
            Map.entry("[2024,-1,0,-1,-1,-1,0,0]", "1701298739"),
            Map.entry("[2024.9,0.9,1.9,1.9,1.9,1.9,0,0]", "1704070861"),
            Map.entry("[1900,0,1,0,0,0,0,0]", "-2208988800"),
            Map.entry("[-100,0,1,0,0,0,0,0]", "-65322892800"),
            Map.entry("[1969,11,31,23,59,59]", "-1"),
            Map.entry("[2024,0,1,0,0,0,3,5,\"x\"]", "1704067200"),
            Map.entry("[1970,0,2147483647]", "185542587014400"));

    @Test
    void breaksSecondsDownAsJqDoes() {
        BROKEN_DOWN.forEach((seconds, fields) -> assertThat(text(Dates.gmtime(json(seconds))))
                .describedAs(seconds)
                .isEqualTo(fields));
    }

    @Test
    void countsSecondsAsJqDoes() {
        SECONDS.forEach((fields, seconds) ->
                assertThat(text(Dates.mktime(json(fields)))).describedAs(fields).isEqualTo(seconds));
    }

    @Test
    void agreesWithTheCalendarOfTheJdk() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            long seconds = random.nextLong(-1L << 40, 1L << 40);
            ZonedDateTime time = Instant.ofEpochSecond(seconds).atZone(ZoneOffset.UTC);
            JsonNode fields = Dates.gmtime(JsonNodeFactory.instance.numberNode(seconds));
            assertThat(fields.toString())
                    .describedAs("seed %d", seed)
                    .isEqualTo("[%d,%d,%d,%d,%d,%d,%d,%d]"
                            .formatted(
                                    time.getYear(),
                                    time.getMonthValue() - 1,
                                    time.getDayOfMonth(),
                                    time.getHour(),
                                    time.getMinute(),
                                    time.getSecond(),
                                    time.get(ChronoField.DAY_OF_WEEK) % 7,
                                    time.getDayOfYear() - 1));
            assertThat(Dates.mktime(fields).longValue())
                    .describedAs("seed %d", seed)
                    .isEqualTo(seconds);
        }
    }

    @Test
    void breaksSecondsDownInZones() {
        ZoneId zone = ZoneId.of("America/New_York");
        assertThat(text(Dates.localtime(json("1425599621.5"), zone))).isEqualTo("[2015,2,5,18,53,41.5,4,63]");
        assertThat(text(Dates.localtime(json("1435599621"), zone))).isEqualTo("[2015,5,29,13,40,21,1,179]");
        assertThat(text(Dates.localtime(json("1e15"), zone))).startsWith("[31690708,");
        assertThat(text(Dates.localtime(json("-1e15"), zone))).startsWith("[-31686769,");
    }

    @Test
    void refusesInTheWordsOfJq() {
        refused("\"a\"", "gmtime() requires numeric inputs", Dates::gmtime);
        refused("[]", "localtime() requires numeric inputs", input -> Dates.localtime(input, ZoneOffset.UTC));
        refused("1", "mktime requires array inputs", Dates::mktime);
        refused("{}", "mktime requires array inputs", Dates::mktime);
        refused("[\"a\",1,1,1,1,1]", "mktime requires parsed datetime inputs", Dates::mktime);
        refused("[2024,1,1,1,1,null]", "mktime requires parsed datetime inputs", Dates::mktime);
        refused("[2024,1,1,1,1,1,\"a\"]", "mktime requires parsed datetime inputs", Dates::mktime);
        refused("[1e300,2147483647]", "invalid gmtime representation", Dates::mktime);
        for (String beyond : new String[] {"67768036191676800", "-67768040609750000", "1e18", "-1e300", "1e1000"}) {
            String message = "error converting number of seconds since epoch to datetime";
            refused(beyond, message, Dates::gmtime);
            refused(beyond, message, input -> Dates.localtime(input, ZoneId.of("Europe/Berlin")));
        }
        assertThatExceptionOfType(JqException.class)
                .isThrownBy(() -> Dates.gmtime(JsonNodeFactory.instance.numberNode(Double.NaN)));
        assertThatExceptionOfType(JqException.class)
                .isThrownBy(() -> Dates.mktime(Json.array().add(Double.NaN)));
    }

    private static void refused(String input, String message, java.util.function.UnaryOperator<JsonNode> function) {
        assertThatExceptionOfType(JqException.class)
                .isThrownBy(() -> function.apply(json(input)))
                .withMessage(message);
    }

    private static String text(JsonNode value) {
        return JsonText.of(value, TestBudgets.ample());
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8));
    }
}
