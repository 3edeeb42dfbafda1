package dev.sluice.executor.protobuf;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import dev.sluice.shared.json.Json;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes messages of JSON (ProtoJSON). A field is named as in its file or in lowerCamelCase; null is an absent field; a name that no
 * field has is an error. All messages of one request together have a bound, as those of a response have. Not thread-safe.
 */
final class MessageWriter {

    static final String TYPE = "@type";
    static final String VALUE = "value";

    private final MessageTypes types;
    private final ValueMeter made = new ValueMeter(MessageReader.MOST_VALUES, values -> {});

    MessageWriter(MessageTypes types) {
        this.types = types;
    }

    /**
     * The message that a value stands for.
     *
     * @throws dev.sluice.executor.expression.ExpressionException that says where the value is wrong, and never what it is
     */
    Message message(Descriptor type, JsonNode value, Where where) {
        return switch (Special.of(type)) {
            case NONE -> fields(type, object(value, where), where);
            case ANY -> any(object(value, where), where);
            case TIMESTAMP -> Times.timestamp(ScalarWriter.text(value, where), where);
            case DURATION -> Times.duration(ScalarWriter.text(value, where), where);
            case FIELDMASK -> FieldPaths.mask(ScalarWriter.text(value, where), where);
            case STRUCT -> Structs.struct(object(value, where), where);
            case VALUE -> Structs.value(value, where);
            case LISTVALUE -> Structs.list(value, where);
            case WRAPPER -> wrapper(type, value, where);
        };
    }

    private static ObjectNode object(JsonNode value, Where where) {
        if (value instanceof ObjectNode object) {
            return object;
        }
        throw where.wrong("must be an object");
    }

    private Message fields(Descriptor type, ObjectNode object, Where where) {
        count(type, where);
        DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
        Set<FieldDescriptor> set = new HashSet<>();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            FieldDescriptor field = types.field(type, member.getKey());
            if (field == null) {
                throw where.wrong("has no field '" + shortened(member.getKey()) + "': it is a " + type.getFullName());
            }
            if (isGiven(field, member.getValue())) {
                Where at = where.child(field.getName());
                if (!set.add(field)
                        || (field.getContainingOneof() != null && message.hasOneof(field.getContainingOneof()))) {
                    throw at.wrong("is given beside another that excludes it");
                }
                set(message, field, member.getValue(), at);
            }
        }
        return message.buildPartial();
    }

    private void count(Descriptor type, Where where) {
        try {
            made.add(1);
            made.message(type);
        } catch (MalformedMessageException e) {
            throw where.wrong("cannot be sent: all of it holds more than " + MessageReader.MOST_VALUES + " values");
        }
    }

    private static String shortened(String name) {
        return name.length() > 100 ? name.substring(0, 100) + '…' : name;
    }

    /** Null is an absent field, unless null is what the field may hold. */
    private static boolean isGiven(FieldDescriptor field, JsonNode value) {
        if (!value.isNull() || field.isRepeated()) {
            return !value.isNull();
        }
        return switch (field.getJavaType()) {
            case MESSAGE -> Special.of(field.getMessageType()) == Special.VALUE;
            case ENUM -> isNullValue(field.getEnumType());
            default -> false;
        };
    }

    private static boolean isNullValue(EnumDescriptor type) {
        return KnownFiles.isBuiltIn(type.getFile()) && type.getName().equals("NullValue");
    }

    private void set(DynamicMessage.Builder message, FieldDescriptor field, JsonNode value, Where where) {
        if (field.isMapField()) {
            for (Map.Entry<String, JsonNode> member : object(value, where).properties()) {
                message.addRepeatedField(
                        field, entry(field, member.getKey(), member.getValue(), where.child(member.getKey())));
            }
        } else if (field.isRepeated()) {
            if (!value.isArray()) {
                throw where.wrong("must be a list");
            }
            for (int i = 0; i < value.size(); i++) {
                message.addRepeatedField(field, element(field, value.get(i), where.child(i)));
            }
        } else {
            message.setField(field, element(field, value, where));
        }
    }

    private Message entry(FieldDescriptor field, String name, JsonNode value, Where where) {
        Descriptor type = field.getMessageType();
        FieldDescriptor key = type.findFieldByNumber(1);
        JsonNode named =
                key.getJavaType() == FieldDescriptor.JavaType.BOOLEAN && (name.equals("true") || name.equals("false"))
                        ? BooleanNode.valueOf(name.equals("true"))
                        : Json.string(name);
        return DynamicMessage.newBuilder(type)
                .setField(key, ScalarWriter.scalar(key, named, where))
                .setField(type.findFieldByNumber(2), element(type.findFieldByNumber(2), value, where))
                .buildPartial();
    }

    private Object element(FieldDescriptor field, JsonNode value, Where where) {
        return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                ? message(field.getMessageType(), value, where)
                : ScalarWriter.scalar(field, value, where);
    }

    private static Message wrapper(Descriptor type, JsonNode value, Where where) {
        FieldDescriptor field = type.findFieldByNumber(1);
        return DynamicMessage.newBuilder(type)
                .setField(field, ScalarWriter.scalar(field, value, where))
                .build();
    }

    private Message any(ObjectNode object, Where where) {
        if (object.isEmpty()) {
            return Any.getDefaultInstance();
        }
        JsonNode named = object.path(TYPE);
        Descriptor type = named.isString() ? types.at(named.stringValue()) : null;
        if (type == null) {
            throw where.wrong("needs the URL of a known type under '" + TYPE + '\'');
        }
        ObjectNode rest = object.deepCopy();
        rest.remove(TYPE);
        boolean plain = Special.of(type) == Special.NONE;
        if (!plain && (rest.size() != 1 || !rest.has(VALUE))) {
            throw where.wrong("needs '" + VALUE + "' and nothing else beside '" + TYPE + '\'');
        }
        Message message = message(type, plain ? rest : rest.path(VALUE), where.child(VALUE));
        return Any.newBuilder()
                .setTypeUrl(named.stringValue())
                .setValue(message.toByteString())
                .build();
    }
}
