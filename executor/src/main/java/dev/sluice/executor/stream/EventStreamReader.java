package dev.sluice.executor.stream;

import java.nio.charset.CodingErrorAction;
import java.util.function.Consumer;

/**
 * Reads {@code text/event-stream} (HTML Living Standard, "Interpreting an event stream"). An event that the stream ends in is
 * none. How long to wait before connecting anew ({@code retry}) is for who connects, and nobody does here.
 */
public final class EventStreamReader implements ElementReader<ServerSentEvent> {

    private static final String MESSAGE = "message";

    private final int largest;
    private final Lines lines;
    private final StringBuilder data = new StringBuilder();
    private String type = "";
    private String lastId = "";

    /** Reads events of at most so many characters, in lines of at most so many bytes. */
    public EventStreamReader(int largest) {
        this.largest = largest;
        this.lines = new Lines(largest, CodingErrorAction.REPLACE);
    }

    @Override
    public void feed(byte[] bytes, Consumer<ServerSentEvent> elements) {
        lines.feed(bytes, line -> line(line, elements));
    }

    @Override
    public void end(Consumer<ServerSentEvent> elements) {
        data.setLength(0);
    }

    private void line(String line, Consumer<ServerSentEvent> elements) {
        if (line.isEmpty()) {
            dispatch(elements);
            return;
        }
        int colon = line.indexOf(':');
        String field = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(line.startsWith(": ", colon) ? colon + 2 : colon + 1);
        switch (field) {
            case "event" -> type = value;
            case "data" -> append(value);
            case "id" -> lastId = value.indexOf('\0') < 0 ? value : lastId;
            default -> {
                // A comment, or a field of another time.
            }
        }
    }

    private void append(String value) {
        if (data.length() + (long) value.length() > largest) {
            throw new MalformedStreamException("An event is longer than " + largest + " characters.");
        }
        data.append(value).append('\n');
    }

    private void dispatch(Consumer<ServerSentEvent> elements) {
        if (!data.isEmpty()) {
            data.setLength(data.length() - 1);
            elements.accept(new ServerSentEvent(type.isEmpty() ? MESSAGE : type, data.toString(), lastId));
            data.setLength(0);
        }
        type = "";
    }
}
