package dev.sluice.shared.json;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes trees whose containers are {@link Weighed}. */
public final class WeighedNodes extends JsonNodeFactory {

    /** The only one. */
    public static final WeighedNodes INSTANCE = new WeighedNodes();

    private static final long serialVersionUID = 1L;

    private WeighedNodes() {}

    @Override
    public ObjectNode objectNode() {
        return new WeighedObject(new LinkedHashMap<>());
    }

    /** A new object with room for a number of entries. */
    public ObjectNode objectNode(int size) {
        return new WeighedObject(LinkedHashMap.newLinkedHashMap(size));
    }

    @Override
    public ArrayNode arrayNode() {
        return new WeighedArray(0);
    }

    @Override
    public ArrayNode arrayNode(int size) {
        return new WeighedArray(size);
    }

    private static final class WeighedObject extends ObjectNode implements Weighed {

        private static final long serialVersionUID = 1L;

        private transient long weight;

        WeighedObject(Map<String, JsonNode> entries) {
            super(INSTANCE, entries);
        }

        @Override
        public long weight() {
            return weight;
        }

        @Override
        public void weigh(long found) {
            weight = found;
        }
    }

    private static final class WeighedArray extends ArrayNode implements Weighed {

        private static final long serialVersionUID = 1L;

        private transient long weight;

        WeighedArray(int size) {
            super(INSTANCE, size);
        }

        @Override
        public long weight() {
            return weight;
        }

        @Override
        public void weigh(long found) {
            weight = found;
        }
    }
}
