package dev.sluice.executor.protobuf;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes messages that hold any JSON of it (struct.proto). */
final class Structs {

    private Structs() {}

    static Struct struct(ObjectNode object, Where where) {
        Struct.Builder struct = Struct.newBuilder();
        object.properties()
                .forEach(member ->
                        struct.putFields(member.getKey(), value(member.getValue(), where.child(member.getKey()))));
        return struct.build();
    }

    static ListValue list(JsonNode array, Where where) {
        if (!array.isArray()) {
            throw where.wrong("must be a list");
        }
        ListValue.Builder list = ListValue.newBuilder();
        for (int i = 0; i < array.size(); i++) {
            list.addValues(value(array.get(i), where.child(i)));
        }
        return list.build();
    }

    static Value value(JsonNode value, Where where) {
        Value.Builder built = Value.newBuilder();
        switch (value.getNodeType()) {
            case OBJECT -> built.setStructValue(struct((ObjectNode) value, where));
            case ARRAY -> built.setListValue(list(value, where));
            case STRING -> built.setStringValue(value.stringValue());
            case BOOLEAN -> built.setBoolValue(value.booleanValue());
            case NUMBER -> built.setNumberValue(ScalarWriter.decimal(value, where));
            case NULL, MISSING, BINARY, POJO -> built.setNullValue(NullValue.NULL_VALUE);
        }
        return built.build();
    }
}
