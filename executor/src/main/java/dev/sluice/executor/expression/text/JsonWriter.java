package dev.sluice.executor.expression.text;

import dev.sluice.executor.expression.limit.Budget;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Writes one value, by a stack of its own: a program can nest values deeper than threads can call. */
final class JsonWriter {

    /** What a level of nesting takes on the stack, in bytes. */
    private static final int LEVEL = 64;

    private static final HexFormat HEX = HexFormat.of();

    private final StringBuilder text;
    private final @Nullable Budget budget;
    /** Where it may stop. */
    private final int end;

    private final Deque<Level> open = new ArrayDeque<>();

    JsonWriter(StringBuilder text, @Nullable Budget budget, int end) {
        this.text = text;
        this.budget = budget;
        this.end = end;
    }

    void write(JsonNode root) {
        value(root);
        while (!open.isEmpty() && text.length() < end) {
            next(open.element());
        }
    }

    private void next(Level level) {
        switch (level) {
            case Elements(var rest)
            when rest.hasNext() -> {
                separate();
                value(rest.next());
            }
            case Members(var rest)
            when rest.hasNext() -> {
                separate();
                Map.Entry<String, JsonNode> member = rest.next();
                string(member.getKey());
                text.append(':');
                value(member.getValue());
            }
            case Elements _ -> close(']');
            case Members _ -> close('}');
        }
    }

    /** No value's text ends with an opening bracket, so whatever else is there is a neighbour. */
    private void separate() {
        char last = text.charAt(text.length() - 1);
        if (last != '[' && last != '{') {
            text.append(',');
        }
    }

    private void close(char bracket) {
        text.append(bracket);
        open.remove();
    }

    private void value(JsonNode node) {
        switch (node.getNodeType()) {
            case OBJECT -> open('{', new Members(node.properties().iterator()));
            case ARRAY -> open('[', new Elements(node.iterator()));
            case STRING -> string(node.stringValue());
            case NUMBER -> number(node);
            case BOOLEAN -> literal(node.booleanValue() ? "true" : "false");
            case NULL, MISSING, BINARY, POJO -> literal("null");
        }
    }

    private void open(char bracket, Level level) {
        if (budget != null) {
            budget.bytes(LEVEL);
        }
        meter(3);
        text.append(bracket);
        open.push(level);
    }

    private void number(JsonNode node) {
        meter(NumberText.length(node));
        text.append(NumberText.of(node));
    }

    private void literal(String name) {
        meter(name.length());
        text.append(name);
    }

    private void string(String value) {
        meter(value.length() + 3);
        text.append('"');
        int from = 0;
        // Each character gives one at least.
        int stop = (int) Math.min(value.length(), Math.max(0, (long) end - text.length()));
        for (int i = 0; i < stop; i++) {
            if (budget != null) {
                budget.look(i + 1);
            }
            char c = value.charAt(i);
            if (c < ' ' || c == '"' || c == '\\' || c == 0x7f) {
                text.append(value, from, i);
                escape(c);
                from = i + 1;
            }
        }
        text.append(value, from, stop).append('"');
    }

    private void escape(char c) {
        text.append('\\');
        switch (c) {
            case '"', '\\' -> text.append(c);
            case '\b' -> text.append('b');
            case '\f' -> text.append('f');
            case '\n' -> text.append('n');
            case '\r' -> text.append('r');
            case '\t' -> text.append('t');
            default -> {
                meter(4);
                text.append('u').append(HEX.toHexDigits(c));
            }
        }
    }

    private void meter(int characters) {
        if (budget != null) {
            budget.characters(characters);
        }
    }

    private sealed interface Level {}

    private record Elements(Iterator<JsonNode> rest) implements Level {}

    private record Members(Iterator<Map.Entry<String, JsonNode>> rest) implements Level {}
}
