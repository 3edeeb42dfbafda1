package dev.sluice.executor.expression.date;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.text.Numbers;
import dev.sluice.executor.expression.value.JqException;
import dev.sluice.executor.expression.value.Values;
import dev.sluice.shared.json.Json;
import java.time.ZoneId;
import java.time.ZoneOffset;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The date functions of jq 1.8 that are not made of others. Times are seconds since 1970 or, broken down, arrays of year, month
 * from 0, day, hours, minutes, seconds, day of the week from Sunday = 0 and day of the year from 0. Formats are those of glibc's
 * {@code strptime} and {@code strftime} in the C locale. All errors are the program's ({@link JqException}), numbers beyond any
 * calendar's range among them. Metered by the characters that are read and written. Thread-safe.
 */
public final class Dates {

    private static final String NO_DATETIME = "/1 requires parsed datetime inputs";
    /** Bytes of a time as an array. */
    public static final int BROKEN_DOWN = 320;

    private static final int SECONDS = 5;
    private static final int FIELDS = 8;

    private Dates() {}

    /**
     * Reads a time: broken down, as the format says, in no zone. Fields that the format does not tell are those that C leaves:
     * the year 1900, and 0, 8 as the day of the week and 367 as that of the year. What is left of the text after white space is
     * a ninth element.
     */
    public static JsonNode strptime(JsonNode input, JsonNode format, Budget budget) {
        if (!input.isString() || !format.isString()) {
            throw new JqException("strptime/1 requires string inputs and arguments");
        }
        String text = input.stringValue();
        budget.characters((long) text.length() + format.stringValue().length());
        TimeParser parser = new TimeParser(text, budget);
        boolean matches = parser.parse(format.stringValue());
        String rest = parser.rest();
        // Of what is left, and of the message.
        budget.bytes(4L * text.length() + 2L * format.stringValue().length() + Values.STRING);
        if (!matches || (!rest.isEmpty() && !TimeParser.isSpace(rest.charAt(0)))) {
            throw new JqException("date \"" + text + "\" does not match format \"" + format.stringValue() + '"');
        }
        budget.bytes(BROKEN_DOWN);
        ArrayNode fields = array(parser.result(), 0);
        return rest.isEmpty() ? fields : fields.add(rest);
    }

    /** Seconds since 1970 of a time in UTC; fields beyond their ranges count on, fractions are cut, missing fields are 0. */
    public static JsonNode mktime(JsonNode input) {
        if (!input.isArray()) {
            throw new JqException("mktime requires array inputs");
        }
        BrokenDown time = fields(input, "mktime requires parsed datetime inputs");
        if (!time.normalized().isRepresentable()) {
            throw new JqException("invalid gmtime representation");
        }
        return whole(time.seconds());
    }

    /** Breaks seconds since 1970 down, in UTC. */
    public static JsonNode gmtime(JsonNode input) {
        return brokenDown(input, "gmtime", ZoneOffset.UTC);
    }

    /** Breaks seconds since 1970 down, in a zone. */
    public static JsonNode localtime(JsonNode input, ZoneId zone) {
        return brokenDown(input, "localtime", zone);
    }

    /** Writes a time, in seconds or broken down, in UTC. */
    public static JsonNode strftime(JsonNode input, JsonNode format, Budget budget) {
        return formatted("strftime", "gmtime", ZoneOffset.UTC, new Writing(input, format, budget));
    }

    /** Writes a time: seconds in a zone, or what is broken down already in that zone. */
    public static JsonNode strflocaltime(JsonNode input, JsonNode format, ZoneId zone, Budget budget) {
        return formatted("strflocaltime", "localtime", zone, new Writing(input, format, budget));
    }

    private static JsonNode formatted(String name, String breaking, ZoneId zone, Writing writing) {
        JsonNode input = writing.input.isNumber() ? brokenDown(writing.input, breaking, zone) : writing.input;
        if (!input.isArray()) {
            throw new JqException(name + NO_DATETIME);
        }
        if (!writing.format.isString()) {
            throw new JqException(name + "/1 requires a string format");
        }
        String format = writing.format.stringValue();
        writing.budget.bytes(BROKEN_DOWN);
        writing.budget.characters(format.length() * 2L);
        BrokenDown time = fields(input, name + NO_DATETIME).normalized();
        StringBuilder text = new StringBuilder();
        if (!time.isRepresentable() || !new TimeFormatter(Zoned.of(time, zone), text, format, writing.budget).write()) {
            throw new JqException(name + "/1: unknown system failure");
        }
        return Values.of(text.toString(), writing.budget);
    }

    private static JsonNode brokenDown(JsonNode input, String name, ZoneId zone) {
        if (!input.isNumber()) {
            throw new JqException(name + "() requires numeric inputs");
        }
        double seconds = Numbers.toDouble(input);
        // Whole seconds are cut, not floored: C does so.
        long whole = (long) seconds;
        if (Double.isNaN(seconds) || !Zoned.isInRange(whole)) {
            throw unconvertible();
        }
        BrokenDown time = BrokenDown.of(whole + Zoned.offset(whole, zone));
        if (!time.isRepresentable()) {
            throw unconvertible();
        }
        return array(time, seconds - Math.floor(seconds));
    }

    private static JqException unconvertible() {
        return new JqException("error converting number of seconds since epoch to datetime");
    }

    private static ArrayNode array(BrokenDown time, double fraction) {
        ArrayNode fields = Json.array();
        fields.add(whole(time.year()))
                .add(time.month())
                .add(time.day())
                .add(time.hour())
                .add(time.minute());
        if (fraction == 0) {
            fields.add(time.second());
        } else {
            fields.add(time.second() + fraction);
        }
        return fields.add(time.weekday()).add(time.yearday());
    }

    private static JsonNode whole(long value) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return value == (int) value ? nodes.numberNode((int) value) : nodes.numberNode(value);
    }

    /** The fields as whole numbers of C's int; those after the eighth are of no interest. */
    private static BrokenDown fields(JsonNode array, String refusal) {
        double[] fields = new double[FIELDS];
        for (int i = 0; i < Math.min(FIELDS, array.size()); i++) {
            JsonNode field = array.get(i);
            fields[i] = field.isNumber() ? Numbers.toDouble(field) : Double.NaN;
            if (Double.isNaN(fields[i])) {
                throw new JqException(refusal);
            }
        }
        long year = (int) (fields[0] - 1_900) + 1_900L;
        return new BrokenDown(
                array.isEmpty() ? 1_900 : year,
                (int) fields[1],
                (int) fields[2],
                (int) fields[3],
                (int) fields[4],
                (int) fields[SECONDS],
                (int) fields[6],
                (int) fields[7]);
    }

    private record Writing(JsonNode input, JsonNode format, Budget budget) {}
}
