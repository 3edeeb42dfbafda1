package dev.sluice.executor.stream;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.SluiceException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Reads newline-delimited JSON: a value on each line, of which blank ones are none. */
public final class NdjsonReader implements ElementReader<JsonNode> {

    private final Lines lines;
    private long read;

    /** Reads lines of at most so many bytes. */
    public NdjsonReader(int longest) {
        this.lines = new Lines(longest, CodingErrorAction.REPORT);
    }

    @Override
    public void feed(byte[] bytes, Consumer<JsonNode> elements) {
        lines.feed(bytes, line -> line(line, elements));
    }

    @Override
    public void end(Consumer<JsonNode> elements) {
        lines.end(line -> line(line, elements));
    }

    private void line(String line, Consumer<JsonNode> elements) {
        read++;
        if (!line.isBlank()) {
            elements.accept(value(line));
        }
    }

    private JsonNode value(String line) {
        try {
            return Json.read(line.getBytes(StandardCharsets.UTF_8));
        } catch (SluiceException e) {
            throw new MalformedStreamException("Line " + read + " is not JSON.");
        }
    }
}
