package dev.sluice.executor.expression.builtin;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.value.JqException;
import dev.sluice.executor.expression.value.Values;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads JSON out of a string, metered and without recursion: token by token, as jq does, so that the errors and their places
 * are jq's too. Beside JSON it takes jq's numbers.
 */
final class JsonReader {

    private static final int MAX_DEPTH = 10_000;
    private static final String NOT_PARTED = "Expected separator between values";
    private static final String NO_PAIRS = "Objects must consist of key:value pairs";
    private static final String SIGNS = "{}[]:,";
    private static final String SPACE = " \t\n\r";

    private final String text;
    private final Budget budget;
    /** Containers that have begun, and the key whose value is next above its object. */
    private final Deque<JsonNode> open = new ArrayDeque<>();

    private int at;
    private @Nullable JsonNode next;
    private @Nullable JsonNode result;

    private JsonReader(String text, Budget budget) {
        this.text = text;
        this.budget = budget;
        this.at = text.startsWith("\uFEFF") ? 1 : 0;
    }

    /** {@code fromjson} */
    static JsonNode read(JsonNode in, Budget budget) {
        if (!in.isString()) {
            throw NativeTable.wrong(in, "only strings can be parsed");
        }
        return new JsonReader(in.stringValue(), budget).value();
    }

    private JsonNode value() {
        while (at < text.length()) {
            budget.step();
            char c = text.charAt(at);
            if (SPACE.indexOf(c) >= 0) {
                at++;
            } else if (SIGNS.indexOf(c) >= 0) {
                at++;
                sign(c);
            } else if (c == '"') {
                string();
            } else {
                word();
            }
            complete();
        }
        if (!open.isEmpty()) {
            throw JsonErrors.atEnd(text, "Unfinished JSON term");
        }
        if (result == null) {
            throw JsonErrors.anywhere(text, "Expected JSON value");
        }
        return result;
    }

    /** A value on its own is the result; there is one. */
    private void complete() {
        if (!open.isEmpty() || next == null) {
            return;
        }
        if (result != null) {
            throw JsonErrors.anywhere(text, "Unexpected extra JSON values");
        }
        result = next;
        next = null;
    }

    private void string() {
        StringReader reader = new StringReader(text, at + 1, budget);
        String string = reader.read();
        at = reader.end();
        if (next != null) {
            throw failed(NOT_PARTED);
        }
        next = Values.of(string, budget);
    }

    private JqException failed(String what) {
        return JsonErrors.at(text, what, at);
    }

    private void sign(char sign) {
        switch (sign) {
            case '[' -> open(Values.array(0, budget));
            case '{' -> open(Values.object(budget));
            case ':' -> key();
            case ',' -> comma();
            case ']' -> closeArray();
            default -> closeObject();
        }
    }

    private void open(JsonNode container) {
        if (open.size() >= MAX_DEPTH) {
            throw failed("Exceeds depth limit for parsing");
        }
        if (next != null) {
            throw failed(NOT_PARTED);
        }
        open.push(container);
    }

    private void key() {
        if (next == null) {
            throw failed("Expected string key before ':'");
        }
        if (!(open.peek() instanceof ObjectNode)) {
            throw failed("':' not as part of an object");
        }
        if (!next.isString()) {
            throw failed("Object keys must be strings");
        }
        open.push(next);
        next = null;
    }

    private void comma() {
        if (next == null) {
            throw failed("Expected value before ','");
        }
        if (open.peek() instanceof ArrayNode array) {
            append(array, next);
        } else if (!put(next)) {
            throw failed(NO_PAIRS);
        }
        next = null;
    }

    private void append(ArrayNode array, JsonNode value) {
        budget.bytes(Values.ELEMENT);
        array.add(value);
    }

    /** Puts a value into the object whose key is next; false where there is no key. */
    private boolean put(JsonNode value) {
        JsonNode key = open.peek();
        if (key == null || !key.isString()) {
            return false;
        }
        open.pop();
        Values.put((ObjectNode) open.element(), key.stringValue(), value, budget);
        return true;
    }

    private void closeArray() {
        if (!(open.peek() instanceof ArrayNode array)) {
            throw failed("Unmatched ']'");
        }
        if (next != null) {
            append(array, next);
        } else if (!array.isEmpty()) {
            throw failed("Expected another array element");
        }
        next = open.pop();
    }

    private void closeObject() {
        if (open.isEmpty()) {
            throw failed("Unmatched '}'");
        }
        if (next != null) {
            if (!put(next)) {
                throw failed(NO_PAIRS);
            }
        } else if (!(open.peek() instanceof ObjectNode object)) {
            throw failed("Unmatched '}'");
        } else if (!object.isEmpty()) {
            throw failed("Expected another key-value pair");
        }
        next = open.pop();
    }

    private void word() {
        int start = at;
        while (at < text.length() && (SIGNS + SPACE + '"').indexOf(text.charAt(at)) < 0) {
            at++;
        }
        budget.steps(((at - start) >> 4) + 1);
        JsonNode value = word(text.substring(start, at));
        if (next != null) {
            throw failedAfterWord(NOT_PARTED);
        }
        next = value;
    }

    /** Where a word ends is known by what comes after it. */
    private JqException failedAfterWord(String what) {
        return at == text.length() ? JsonErrors.atEnd(text, what) : JsonErrors.at(text, what, at + 1);
    }

    private JsonNode word(String word) {
        JsonNode value = switch (word) {
            case "true" -> Values.of(true);
            case "false" -> Values.of(false);
            case "null" -> Values.NULL;
            default -> NumberReader.of(word);
        };
        if (value != null) {
            return value;
        }
        char first = word.charAt(0);
        boolean literal = first == 't' || first == 'f' || word.startsWith("nu");
        throw failedAfterWord(
                first == '\''
                        ? "Invalid string literal; expected \", but got '"
                        : literal ? "Invalid literal" : "Invalid numeric literal");
    }
}
