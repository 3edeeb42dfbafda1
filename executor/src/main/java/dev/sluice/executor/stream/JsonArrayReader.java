package dev.sluice.executor.stream;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.SluiceException;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Reads the elements of one JSON array (RFC 8259, section 5). It looks for the ends of elements alone, as brackets, quotes
 * and commas have them; whether what lies between is JSON the parser says, element by element.
 */
public final class JsonArrayReader implements ElementReader<JsonNode> {

    private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private enum Where {
        BEFORE,
        FIRST,
        ELEMENT,
        AFTER
    }

    private final Pending element;
    private Where where = Where.BEFORE;
    private int depth;
    private boolean text;
    private boolean escaped;
    private int marks;
    private long read;

    /** Reads elements of at most so many bytes. */
    public JsonArrayReader(int largest) {
        this.element = new Pending("An element", largest);
    }

    @Override
    public void feed(byte[] bytes, Consumer<JsonNode> elements) {
        int start = 0;
        for (int at = 0; at < bytes.length; at++) {
            byte next = bytes[at];
            if (where == Where.ELEMENT || where == Where.FIRST) {
                if (ends(next)) {
                    element.add(bytes, start, at);
                    complete(next, elements);
                    start = at + 1;
                }
            } else {
                around(next);
                start = at + 1;
            }
        }
        if (where == Where.ELEMENT || where == Where.FIRST) {
            element.add(bytes, start, bytes.length);
        }
    }

    @Override
    public void end(Consumer<JsonNode> elements) {
        if (where != Where.AFTER) {
            throw new MalformedStreamException("The response ends before its JSON array does.");
        }
    }

    private void around(byte next) {
        if (where == Where.BEFORE && next == '[') {
            where = Where.FIRST;
        } else if (where == Where.BEFORE && marks < BOM.length && next == BOM[marks]) {
            marks++;
        } else if (!isSpace(next)) {
            throw new MalformedStreamException(
                    where == Where.BEFORE ? "The response is not a JSON array." : "Something follows the JSON array.");
        }
    }

    /** Whether an element, or the array, ends here. */
    private boolean ends(byte next) {
        if (text) {
            text = escaped || next != '"';
            escaped = !escaped && next == '\\';
            return false;
        }
        switch (next) {
            case '"' -> text = true;
            case '[', '{' -> depth++;
            case ']', '}' -> depth--;
            default -> {
                // Says nothing about where the element ends.
            }
        }
        return depth < 0 || (depth == 0 && next == ',');
    }

    private void complete(byte end, Consumer<JsonNode> elements) {
        read++;
        boolean last = depth < 0;
        boolean blank = element.isBlank();
        boolean none = blank && last && where == Where.FIRST;
        if ((last && end != ']') || (blank && !none)) {
            throw malformed();
        }
        byte[] bytes = element.take();
        if (!none) {
            elements.accept(value(bytes));
        }
        where = last ? Where.AFTER : Where.ELEMENT;
    }

    private JsonNode value(byte[] bytes) {
        try {
            return Json.read(bytes);
        } catch (SluiceException e) {
            throw malformed();
        }
    }

    private MalformedStreamException malformed() {
        return new MalformedStreamException("The array is not JSON at its element " + read + ".");
    }

    private static boolean isSpace(byte next) {
        return next == ' ' || next == '\n' || next == '\r' || next == '\t';
    }
}
