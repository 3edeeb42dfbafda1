package dev.sluice.executor.stream;

import java.nio.charset.CodingErrorAction;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code text/event-stream} (HTML Living Standard, "Interpreting an event stream"). An event that the stream ends in is
 * none.
 */
public final class EventStreamReader implements ElementReader<ServerSentEvent> {

    private static final String MESSAGE = "message";
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,12}");

    private final int largest;
    private final Lines lines;
    private final StringBuilder data = new StringBuilder();
    private String type = "";
    private String lastId = "";
    private @Nullable Duration pause;

    /** Reads events of at most so many characters, in lines of at most so many bytes. */
    public EventStreamReader(int largest) {
        this.largest = largest;
        this.lines = new Lines(largest, CodingErrorAction.REPLACE);
    }

    /** How long the stream says to wait before one connects anew ({@code retry}), empty while it says nothing. */
    public Optional<Duration> pause() {
        return Optional.ofNullable(pause);
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
            case "retry" -> pause = DIGITS.matcher(value).matches() ? Duration.ofMillis(Long.parseLong(value)) : pause;
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
