package dev.sluice.loadtest.expression;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.json.WeighedNodes;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Values to evaluate programs with, always the same, and read from text as the engine's are. */
final class Inputs {

    private static final WeighedNodes NODES = WeighedNodes.INSTANCE;
    private static final List<String> COUNTRIES = List.of("AT", "CH", "DE", "FR", "IT", "NL", "PL");

    private Inputs() {}

    /** About 1 KB of JSON, a small message. */
    static JsonNode order() {
        ObjectNode root = NODES.objectNode();
        ObjectNode order = root.putObject("order");
        order.put("id", "A-20417").put("status", "paid").put("total", 1299).put("currency", "EUR");
        ObjectNode customer = order.putObject("customer");
        customer.put("name", "Ada Lovelace").put("email", "ada@example.org");
        customer.putObject("address")
                .put("street", "St James's Square 12")
                .put("city", "London")
                .put("country", "GB");
        ArrayNode lines = order.putArray("lines");
        for (int i = 0; i < 10; i++) {
            lines.addObject()
                    .put("sku", "4711-" + i)
                    .put("title", "Punched cards, set " + i)
                    .put("quantity", i + 1)
                    .put("price", 20 + i);
        }
        return read(root);
    }

    static JsonNode orders() {
        ArrayNode orders = NODES.arrayNode();
        for (int i = 0; i < 1_000; i++) {
            orders.addObject()
                    .put("id", i)
                    .put("country", COUNTRIES.get(i * 31 % COUNTRIES.size()))
                    .put("total", i * 7_919 % 1_000)
                    .put("status", i % 3 == 0 ? "open" : "paid");
        }
        return read(orders);
    }

    static JsonNode settings() {
        ObjectNode settings = NODES.objectNode();
        for (int i = 0; i < 100; i++) {
            settings.put("setting-" + i, i);
        }
        return read(settings);
    }

    static JsonNode numbers() {
        ArrayNode numbers = NODES.arrayNode();
        for (int i = 0; i < 10_000; i++) {
            numbers.add(i);
        }
        return read(numbers);
    }

    /** Names are not the same strings as those of programs. */
    private static JsonNode read(JsonNode tree) {
        return Json.read(Json.bytes(tree));
    }
}
