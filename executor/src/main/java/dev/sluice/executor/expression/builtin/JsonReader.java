package dev.sluice.executor.expression.builtin;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.value.JqException;
import dev.sluice.executor.expression.value.Numbers;
import dev.sluice.executor.expression.value.Values;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads JSON out of a string, metered and without recursion. Beside JSON it takes what jq takes: {@code nan}, infinities, a sign, leading zeros. */
final class JsonReader {

    private static final int MAX_DEPTH = 10_000;
    private static final int MAX_DIGITS = 1_000;
    private static final int HEX = 16;

    private final String text;
    private final Budget budget;
    private final Deque<JsonNode> open = new ArrayDeque<>();
    private final Deque<String> names = new ArrayDeque<>();
    private int at;

    private JsonReader(String text, Budget budget) {
        this.text = text;
        this.budget = budget;
    }

    /** {@code fromjson} */
    static JsonNode read(JsonNode in, Budget budget) {
        if (!in.isString()) {
            throw NativeTable.wrong(in, "only strings can be parsed");
        }
        JsonReader reader = new JsonReader(in.stringValue(), budget);
        JsonNode value = reader.value();
        reader.skipSpace();
        if (reader.at < reader.text.length()) {
            throw reader.failed("Unexpected extra JSON values");
        }
        return value;
    }

    /** A string that is a number and nothing else, or null. */
    static @Nullable JsonNode number(String text) {
        if (text.isEmpty() || text.length() > MAX_DIGITS) {
            return null;
        }
        boolean negative = text.charAt(0) == '-';
        String unsigned = negative || text.charAt(0) == '+' ? text.substring(1) : text;
        return switch (unsigned) {
            case "nan", "NaN" -> Numbers.of(Double.NaN);
            case "Infinity", "infinity" -> Numbers.of(negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
            default -> isDecimal(unsigned) ? decimal(negative ? text : unsigned) : null;
        };
    }

    private static boolean isDecimal(String text) {
        int digits = 0;
        int at = 0;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
            digits++;
        }
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            while (at < text.length() && isDigit(text.charAt(at))) {
                at++;
                digits++;
            }
        }
        if (digits > 0 && at < text.length() && (text.charAt(at) | ' ') == 'e') {
            at++;
            at += at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-') ? 1 : 0;
            int exponent = at;
            while (at < text.length() && isDigit(text.charAt(at))) {
                at++;
            }
            digits = at > exponent && at - exponent < 10 ? digits : 0;
        }
        return digits > 0 && at == text.length();
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static JsonNode decimal(String text) {
        BigDecimal value = new BigDecimal(text);
        boolean whole = text.indexOf('.') < 0 && text.indexOf('e') < 0 && text.indexOf('E') < 0;
        if (!whole) {
            return JsonNodeFactory.instance.numberNode(value);
        }
        BigInteger integer = value.toBigInteger();
        if (integer.signum() == 0 && text.charAt(0) == '-') {
            return Numbers.of(-0.0);
        }
        return integer.bitLength() < Long.SIZE
                ? Numbers.of(integer.longValue())
                : JsonNodeFactory.instance.numberNode(integer);
    }

    private JsonNode value() {
        while (true) {
            budget.step();
            JsonNode value = begun();
            while (value != null) {
                JsonNode container = open.peek();
                if (container == null) {
                    return value;
                }
                value = added(container, value);
            }
        }
    }

    /** A value that is complete; null for a container that has begun. */
    private @Nullable JsonNode begun() {
        skipSpace();
        if (at == text.length()) {
            throw failed(open.isEmpty() ? "Expected JSON value" : "Unfinished JSON term");
        }
        return switch (text.charAt(at)) {
            case '{' -> container(Values.object(budget), '}');
            case '[' -> container(Values.array(0, budget), ']');
            case '"' -> Values.of(string(), budget);
            default -> word();
        };
    }

    private @Nullable JsonNode container(JsonNode container, char end) {
        at++;
        skipSpace();
        if (at < text.length() && text.charAt(at) == end) {
            at++;
            return container;
        }
        if (open.size() == MAX_DEPTH) {
            throw failed("Exceeds depth limit for parsing");
        }
        open.push(container);
        if (container.isObject()) {
            names.push(name());
        }
        return null;
    }

    /** What goes on after an element: null, or the container that ends with it. */
    private @Nullable JsonNode added(JsonNode container, JsonNode value) {
        if (container instanceof ObjectNode object) {
            Values.put(object, names.pop(), value, budget);
        } else {
            budget.bytes(Values.ELEMENT);
            ((ArrayNode) container).add(value);
        }
        skipSpace();
        char next = at < text.length() ? text.charAt(at++) : ' ';
        if (next == ',') {
            if (container.isObject()) {
                names.push(name());
            }
            return null;
        }
        if (next == (container.isObject() ? '}' : ']')) {
            return open.pop();
        }
        at--;
        throw failed(
                at >= text.length() - 1 && next == ' ' ? "Unfinished JSON term" : "Expected separator between values");
    }

    private String name() {
        skipSpace();
        if (at == text.length() || text.charAt(at) != '"') {
            throw failed("Object keys must be strings");
        }
        String name = string();
        budget.bytes(Values.STRING + 2L * name.length());
        skipSpace();
        if (at == text.length() || text.charAt(at) != ':') {
            throw failed("Objects must consist of key:value pairs");
        }
        at++;
        return name;
    }

    private JsonNode word() {
        int start = at;
        while (at < text.length() && "{}[]:,\" \t\n\r".indexOf(text.charAt(at)) < 0) {
            budget.look(++at);
        }
        budget.steps(((at - start) >> 4) + 1);
        String word = text.substring(start, at);
        JsonNode value = switch (word) {
            case "true" -> Values.of(true);
            case "false" -> Values.of(false);
            case "null" -> Values.NULL;
            default -> numbered(word);
        };
        if (value == null) {
            at = start;
            boolean number = !word.isEmpty() && "+-.0123456789".indexOf(word.charAt(0)) >= 0;
            throw failed(number ? "Invalid numeric literal" : "Invalid literal");
        }
        return value;
    }

    private @Nullable JsonNode numbered(String word) {
        budget.bytes(Values.NUMBER + 2L * Math.min(MAX_DIGITS, word.length()));
        return number(word);
    }

    private String string() {
        int start = ++at;
        while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\\') {
            budget.look(++at);
        }
        budget.steps(((at - start) >> 4) + 1);
        if (at < text.length() && text.charAt(at) == '"') {
            return text.substring(start, at++);
        }
        StringBuilder string = new StringBuilder(text.substring(start, at));
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return string.toString();
            }
            string.append(c == '\\' ? escaped() : c);
            if ((string.length() & 0xff) == 0) {
                budget.characters(0x100);
            }
        }
        throw failed("Unfinished string");
    }

    private char escaped() {
        char c = at < text.length() ? text.charAt(at++) : ' ';
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unit();
            default -> throw failed("Invalid escape");
        };
    }

    private char unit() {
        int unit = 0;
        for (int end = at + 4; at < end; at++) {
            int digit = at < text.length() ? Character.digit(text.charAt(at), HEX) : -1;
            if (digit < 0) {
                throw failed("Invalid escape");
            }
            unit = unit * HEX + digit;
        }
        return (char) unit;
    }

    private void skipSpace() {
        int start = at;
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            budget.look(++at);
        }
        budget.steps((at - start) >> 4);
    }

    private JqException failed(String what) {
        budget.steps(text.length() >> 4);
        int line = 1;
        for (int i = 0; i < at; i++) {
            budget.look(i);
            line += text.charAt(i) == '\n' ? 1 : 0;
        }
        // The message has the text.
        budget.bytes(4L * text.length());
        int column = at - text.lastIndexOf('\n', Math.max(0, at - 1));
        String place = what.equals("Expected JSON value") ? "" : " at line " + line + ", column " + column;
        return new JqException(what + place + " (while parsing '" + text + "')");
    }
}
