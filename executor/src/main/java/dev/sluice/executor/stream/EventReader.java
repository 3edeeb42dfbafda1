package dev.sluice.executor.stream;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.SluiceException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads server-sent events as objects of {@code event}, {@code id} and {@code data}, which is what its JSON says, or text when it is none. */
public final class EventReader implements ElementReader<JsonNode> {

    private final EventStreamReader events;

    /** Reads events of at most so many characters. */
    public EventReader(int largest) {
        this.events = new EventStreamReader(largest);
    }

    @Override
    public void feed(byte[] bytes, Consumer<JsonNode> elements) {
        events.feed(bytes, event -> elements.accept(element(event)));
    }

    @Override
    public void end(Consumer<JsonNode> elements) {
        events.end(event -> elements.accept(element(event)));
    }

    private static JsonNode element(ServerSentEvent event) {
        ObjectNode element = Json.object();
        element.put("event", event.type());
        element.put("id", event.lastId());
        element.set("data", data(event.data()));
        return element;
    }

    private static JsonNode data(String text) {
        try {
            return Json.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (SluiceException e) {
            return Json.string(text);
        }
    }
}
