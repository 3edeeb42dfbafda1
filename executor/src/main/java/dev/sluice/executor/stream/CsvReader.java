package dev.sluice.executor.stream;

import dev.sluice.shared.json.Json;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads comma-separated values in UTF-8 (RFC 4180): the first record names the fields, each other one is an object of
 * strings. Records end with CR LF, LF or CR; blank lines are none.
 */
public final class CsvReader implements ElementReader<JsonNode> {

    private static final char BOM = '\uFEFF';
    private static final int DECODED = 4096;

    private enum Where {
        START,
        PLAIN,
        QUOTED,
        QUOTE
    }

    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private final CharBuffer decoded = CharBuffer.allocate(DECODED);
    private final int largest;
    private final char separator;
    private final StringBuilder field = new StringBuilder();
    private final List<String> fields = new ArrayList<>();
    private List<String> names = List.of();
    private byte[] rest = {};
    private Where where = Where.START;
    private boolean afterReturn;
    private boolean begun;
    private int size;
    private long records;

    /** Reads records of at most so many characters, whose fields something separates. */
    public CsvReader(int largest, char separator) {
        this.largest = largest;
        this.separator = separator;
    }

    @Override
    public void feed(byte[] bytes, Consumer<JsonNode> elements) {
        ByteBuffer in = ByteBuffer.allocate(rest.length + bytes.length)
                .put(rest)
                .put(bytes)
                .flip();
        decode(in, false, elements);
        rest = new byte[in.remaining()];
        in.get(rest);
    }

    @Override
    public void end(Consumer<JsonNode> elements) {
        decode(ByteBuffer.wrap(rest), true, elements);
        if (where == Where.QUOTED) {
            throw malformed("ends within quotes");
        }
        if (where != Where.START || !fields.isEmpty()) {
            record(elements);
        }
    }

    private void decode(ByteBuffer in, boolean last, Consumer<JsonNode> elements) {
        CoderResult result;
        do {
            result = decoder.decode(in, decoded, last);
            decoded.flip();
            while (decoded.hasRemaining()) {
                next(decoded.get(), elements);
            }
            decoded.clear();
        } while (result.isOverflow());
        if (result.isError()) {
            throw malformed("is not UTF-8");
        }
    }

    private void next(char next, Consumer<JsonNode> elements) {
        boolean first = !begun;
        begun = true;
        boolean second = afterReturn && next == '\n';
        afterReturn = next == '\r' && where != Where.QUOTED;
        if ((first && next == BOM) || second) {
            return;
        }
        if (where == Where.QUOTED) {
            quoted(next);
        } else if (next == separator) {
            field();
        } else if (next == '\r' || next == '\n') {
            if (where != Where.START || !fields.isEmpty()) {
                record(elements);
            }
        } else {
            unquoted(next);
        }
    }

    private void quoted(char next) {
        if (next == '"') {
            where = Where.QUOTE;
        } else {
            append(next);
        }
    }

    private void unquoted(char next) {
        if (next == '"' && where == Where.START) {
            where = Where.QUOTED;
        } else if (next == '"' && where == Where.QUOTE) {
            append(next);
            where = Where.QUOTED;
        } else if (next == '"' || where == Where.QUOTE) {
            throw malformed("has a quote where none may be");
        } else {
            append(next);
            where = Where.PLAIN;
        }
    }

    private void append(char next) {
        size++;
        if (size > largest) {
            throw new MalformedStreamException("A record is longer than " + largest + " characters.");
        }
        field.append(next);
    }

    private void field() {
        size++;
        if (size > largest) {
            throw new MalformedStreamException("A record is longer than " + largest + " characters.");
        }
        fields.add(field.toString());
        field.setLength(0);
        where = Where.START;
    }

    private void record(Consumer<JsonNode> elements) {
        field();
        if (names.isEmpty()) {
            name();
        } else if (fields.size() != names.size()) {
            throw malformed("has " + fields.size() + " fields, the first one " + names.size());
        } else {
            ObjectNode element = Json.object();
            for (int i = 0; i < names.size(); i++) {
                element.put(names.get(i), fields.get(i));
            }
            elements.accept(element);
        }
        records++;
        fields.clear();
        size = 0;
    }

    private void name() {
        if (new HashSet<>(fields).size() < fields.size()) {
            throw malformed("names two fields alike");
        }
        names = List.copyOf(fields);
    }

    private MalformedStreamException malformed(String how) {
        return new MalformedStreamException("Record " + (records + 1) + " " + how + ".");
    }
}
