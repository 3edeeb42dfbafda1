package dev.sluice.executor.protobuf;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.FieldMask;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import dev.sluice.shared.json.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.util.Base64;
import java.util.List;
import java.util.function.LongConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DecimalNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes JSON of the messages of one response (ProtoJSON). Fields are in lowerCamelCase, or as their file says; those that cannot be absent
 * are there with their default; numbers of 64 bits are strings; what the file does not know is left out. All messages together have at
 * most {@value #MOST_VALUES} values. Not thread-safe.
 */
final class MessageReader {

    static final int MOST_VALUES = 1_000_000;

    private static final int DEEPEST = 100;
    private static final double MOST_EXACT = 1L << 53;

    private final MessageTypes types;
    private final ValueMeter met;
    private final ValueMeter made;

    /** Tells of its effort as {@link RpcMethod#decode} does. */
    MessageReader(MessageTypes types, LongConsumer effort) {
        this.types = types;
        this.met = new ValueMeter(MOST_VALUES, effort);
        this.made = new ValueMeter(MOST_VALUES, effort);
    }

    /** The message that bytes are. */
    JsonNode read(Descriptor type, ByteString bytes) throws MalformedMessageException {
        try {
            return read(type, bytes, 0);
        } catch (IOException | DateTimeException e) {
            throw new MalformedMessageException("it is no " + type.getFullName());
        }
    }

    private JsonNode read(Descriptor type, ByteString bytes, int depth) throws IOException, MalformedMessageException {
        CodedInputStream in = bytes.newCodedInput();
        met.count(type, in);
        return message(DynamicMessage.parseFrom(type, bytes), depth);
    }

    private JsonNode message(Message message, int depth) throws IOException, MalformedMessageException {
        if (depth > DEEPEST) {
            throw new MalformedMessageException("it is nested deeper than " + DEEPEST + " levels");
        }
        Descriptor type = message.getDescriptorForType();
        return switch (Special.of(type)) {
            case NONE -> fields(message, depth);
            case ANY -> any(message, depth);
            case TIMESTAMP -> Json.string(Times.text(Timestamp.parseFrom(message.toByteString())));
            case DURATION -> Json.string(Times.text(Duration.parseFrom(message.toByteString())));
            case FIELDMASK ->
                Json.string(FieldPaths.text(
                        FieldMask.parseFrom(message.toByteString()).getPathsList()));
            case STRUCT, LISTVALUE -> value(message, type.findFieldByNumber(1), depth);
            case VALUE -> kind(message, depth);
            case WRAPPER -> scalar(type.findFieldByNumber(1), message.getField(type.findFieldByNumber(1)));
        };
    }

    private JsonNode fields(Message message, int depth) throws IOException, MalformedMessageException {
        made.message(message.getDescriptorForType());
        ObjectNode object = Json.object();
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            if (field.isRepeated() || !field.hasPresence() || message.hasField(field)) {
                object.set(field.getJsonName(), value(message, field, depth));
            }
        }
        return object;
    }

    private JsonNode value(Message message, FieldDescriptor field, int depth)
            throws IOException, MalformedMessageException {
        made.add(1);
        Object value = message.getField(field);
        if (!field.isRepeated()) {
            return element(field, value, depth);
        }
        List<?> elements = (List<?>) value;
        made.add(elements.size());
        if (!field.isMapField()) {
            ArrayNode array = Json.array();
            for (Object element : elements) {
                array.add(element(field, element, depth));
            }
            return array;
        }
        ObjectNode object = Json.object();
        FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
        FieldDescriptor held = field.getMessageType().findFieldByNumber(2);
        for (Object element : elements) {
            Message entry = (Message) element;
            object.set(scalar(key, entry.getField(key)).asString(), element(held, entry.getField(held), depth));
        }
        return object;
    }

    private JsonNode element(FieldDescriptor field, Object value, int depth)
            throws IOException, MalformedMessageException {
        return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                ? message((Message) value, depth + 1)
                : scalar(field, value);
    }

    /** The one that is set of what a value may be; null when none is, which may not be. */
    private JsonNode kind(Message message, int depth) throws IOException, MalformedMessageException {
        FieldDescriptor set = message.getOneofFieldDescriptor(
                message.getDescriptorForType().getOneofs().getFirst());
        return set == null ? NullNode.getInstance() : element(set, message.getField(set), depth);
    }

    /** Of a type that nobody knows it is the bytes, in Base64. */
    private JsonNode any(Message message, int depth) throws IOException, MalformedMessageException {
        Descriptor own = message.getDescriptorForType();
        String url = (String) message.getField(own.findFieldByNumber(1));
        ByteString bytes = (ByteString) message.getField(own.findFieldByNumber(2));
        ObjectNode object = Json.object();
        if (url.isEmpty() && bytes.isEmpty()) {
            return object;
        }
        object.put(MessageWriter.TYPE, url);
        Descriptor type = types.at(url);
        if (type == null) {
            return object.put(MessageWriter.VALUE, base64(bytes));
        }
        JsonNode content = read(type, bytes, depth + 1);
        if (Special.of(type) == Special.NONE) {
            content.properties().forEach(member -> object.set(member.getKey(), member.getValue()));
        } else {
            object.set(MessageWriter.VALUE, content);
        }
        return object;
    }

    private static JsonNode scalar(FieldDescriptor field, Object value) throws InvalidProtocolBufferException {
        return switch (field.getType()) {
            case BOOL -> BooleanNode.valueOf((Boolean) value);
            case STRING -> Json.string((String) value);
            case BYTES -> Json.string(base64((ByteString) value));
            case ENUM -> constant((EnumValueDescriptor) value);
            case DOUBLE -> decimal((Double) value, value.toString());
            case FLOAT -> decimal((Float) value, value.toString());
            case INT32, SINT32, SFIXED32 -> IntNode.valueOf((Integer) value);
            case UINT32, FIXED32 -> whole(Integer.toUnsignedLong((Integer) value));
            case INT64, SINT64, SFIXED64 -> Json.string(value.toString());
            case UINT64, FIXED64 -> Json.string(Long.toUnsignedString((Long) value));
            case MESSAGE, GROUP -> throw new InvalidProtocolBufferException("a message is no scalar");
        };
    }

    private static String base64(ByteString bytes) {
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static JsonNode constant(EnumValueDescriptor value) {
        if (value.getType().getFullName().equals("google.protobuf.NullValue")) {
            return NullNode.getInstance();
        }
        // One that the file does not have has no place in it.
        return value.getIndex() < 0 ? IntNode.valueOf(value.getNumber()) : Json.string(value.getName());
    }

    private static JsonNode decimal(double value, String text) {
        if (!Double.isFinite(value)) {
            return Json.string(text);
        }
        return value == Math.rint(value) && Math.abs(value) < MOST_EXACT
                ? whole((long) value)
                : DecimalNode.valueOf(new BigDecimal(text));
    }

    /** As it is when it is read from text. */
    private static JsonNode whole(long value) {
        return value == (int) value ? IntNode.valueOf((int) value) : LongNode.valueOf(value);
    }
}
