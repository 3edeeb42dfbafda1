package dev.sluice.loadtest.expression;

import dev.sluice.shared.json.WeighedNodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a workload asks for, written in Java for just that, on the same tree and without bounds: what the tree itself takes, below
 * which no evaluator can come by much.
 */
final class ByHand {

    private static final WeighedNodes NODES = WeighedNodes.INSTANCE;
    private static final int ENOUGH = 600;

    private ByHand() {}

    static JsonNode of(Workload workload, JsonNode input) {
        return switch (workload) {
            case FIELD_PATH -> at(input, "order", "customer", "address", "city");
            case MAPPING -> mapped(input);
            case MAP_SELECT -> selected(input);
            case GROUP_BY -> grouped(input);
            case INTERPOLATION -> text(input);
            case TO_ENTRIES -> entries(input);
            case REDUCE -> sum(input);
        };
    }

    private static JsonNode at(JsonNode input, String... names) {
        JsonNode value = input;
        for (String name : names) {
            value = value.get(name);
        }
        return value;
    }

    private static JsonNode mapped(JsonNode input) {
        JsonNode order = input.get("order");
        JsonNode customer = order.get("customer");
        JsonNode address = customer.get("address");
        ObjectNode mapped = NODES.objectNode(10);
        mapped.set("id", order.get("id"));
        mapped.set("status", order.get("status"));
        mapped.set("total", order.get("total"));
        mapped.set("currency", order.get("currency"));
        mapped.set("name", customer.get("name"));
        mapped.set("email", customer.get("email"));
        mapped.set("street", address.get("street"));
        mapped.set("city", address.get("city"));
        mapped.set("country", address.get("country"));
        mapped.set("lines", order.get("lines"));
        return mapped;
    }

    private static JsonNode selected(JsonNode input) {
        ArrayNode selected = NODES.arrayNode();
        for (JsonNode order : input) {
            if (order.get("total").intValue() > ENOUGH) {
                selected.add(order);
            }
        }
        return selected;
    }

    private static JsonNode grouped(JsonNode input) {
        Map<String, List<JsonNode>> byCountry = new TreeMap<>();
        for (JsonNode order : input) {
            byCountry
                    .computeIfAbsent(order.get("country").stringValue(), country -> new ArrayList<>())
                    .add(order);
        }
        ArrayNode groups = NODES.arrayNode(byCountry.size());
        byCountry
                .values()
                .forEach(group -> groups.add(NODES.arrayNode(group.size()).addAll(group)));
        return groups;
    }

    private static JsonNode text(JsonNode input) {
        JsonNode order = input.get("order");
        JsonNode customer = order.get("customer");
        return NODES.stringNode("Order " + order.get("id").stringValue() + " of "
                + customer.get("name").stringValue() + " to "
                + customer.get("address").get("city").stringValue() + ": "
                + order.get("total").intValue() + " " + order.get("currency").stringValue());
    }

    private static JsonNode entries(JsonNode input) {
        ArrayNode entries = NODES.arrayNode(input.size());
        for (var property : input.properties()) {
            ObjectNode entry = NODES.objectNode(2);
            entry.set("key", NODES.stringNode(property.getKey()));
            entry.set("value", property.getValue());
            entries.add(entry);
        }
        return entries;
    }

    private static JsonNode sum(JsonNode input) {
        double sum = 0;
        for (JsonNode number : input) {
            sum += number.doubleValue();
        }
        return NODES.numberNode((int) sum);
    }
}
