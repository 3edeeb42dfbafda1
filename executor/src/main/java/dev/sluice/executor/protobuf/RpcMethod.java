package dev.sluice.executor.protobuf;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Message;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.shared.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** A method of a service, whose messages are JSON here and bytes there. Immutable and thread-safe. */
public final class RpcMethod {

    private final MethodDescriptor method;
    private final MessageTypes types;

    RpcMethod(MethodDescriptor method, MessageTypes types) {
        this.method = method;
        this.types = types;
    }

    /** Such as {@code greet.v1.Greeter/SayHello}. */
    public String fullName() {
        return method.getService().getFullName() + '/' + method.getName();
    }

    /** Whether it takes any number of messages rather than one. */
    public boolean takesStream() {
        return method.isClientStreaming();
    }

    /** Whether it gives any number of messages rather than one. */
    public boolean givesStream() {
        return method.isServerStreaming();
    }

    /** Hears of names in arguments that no field has. */
    @FunctionalInterface
    public interface Unknown {

        /**
         * Hears of one.
         *
         * @param path   of the object that has it, names and indices within the arguments
         * @param name   that it has
         * @param fields that it may have
         */
        void name(List<String> path, String name, Set<String> fields);
    }

    /** Looks for names that no field has, in arguments some of whose values are yet to be computed. */
    public void check(JsonNode arguments, Unknown unknown) {
        if (arguments.isArray()) {
            for (int i = 0; i < arguments.size(); i++) {
                check(method.getInputType(), arguments.get(i), List.of(Integer.toString(i)), unknown);
            }
        } else {
            check(method.getInputType(), arguments, List.of(), unknown);
        }
    }

    private void check(Descriptor type, JsonNode value, List<String> path, Unknown unknown) {
        if (!value.isObject() || Special.of(type) != Special.NONE) {
            return;
        }
        value.properties().forEach(member -> {
            FieldDescriptor field = types.field(type, member.getKey());
            if (field == null) {
                unknown.name(path, member.getKey(), types.names(type));
            } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !field.isMapField()) {
                check(field, member.getValue(), child(path, member.getKey()), unknown);
            }
        });
    }

    private void check(FieldDescriptor field, JsonNode value, List<String> path, Unknown unknown) {
        if (!field.isRepeated()) {
            check(field.getMessageType(), value, path, unknown);
            return;
        }
        for (int i = 0; i < value.size() && value.isArray(); i++) {
            check(field.getMessageType(), value.get(i), child(path, Integer.toString(i)), unknown);
        }
    }

    private static List<String> child(List<String> path, String name) {
        List<String> child = new ArrayList<>(path);
        child.add(name);
        return child;
    }

    /**
     * The messages that the method is given: one, or as many as a list has where it takes a stream.
     *
     * @throws ExpressionException that says where the arguments are wrong
     */
    public List<byte[]> encode(JsonNode arguments) {
        MessageWriter writer = new MessageWriter(types);
        if (!arguments.isArray()) {
            return List.of(encode(writer, arguments, Where.root()));
        }
        if (!takesStream()) {
            throw Where.root().wrong("must be an object: the method takes one message");
        }
        List<byte[]> messages = new ArrayList<>(arguments.size());
        for (int i = 0; i < arguments.size(); i++) {
            messages.add(encode(writer, arguments.get(i), Where.root().child(i)));
        }
        return messages;
    }

    private byte[] encode(MessageWriter writer, JsonNode argument, Where where) {
        Message message = writer.message(method.getInputType(), argument, where);
        if (!message.isInitialized()) {
            throw where.wrong("lacks " + String.join(", ", message.findInitializationErrors()));
        }
        return message.toByteArray();
    }

    /**
     * What the method gave: an array where that is a stream, or else the only message.
     *
     * @param effort told of each value when it is met and when it is made, twice {@value MessageReader#MOST_VALUES} at most; what it throws
     *               ends the work
     * @throws MalformedMessageException when they are no messages of its type, or hold more than {@value MessageReader#MOST_VALUES} values
     */
    public JsonNode decode(List<ByteString> messages, LongConsumer effort) throws MalformedMessageException {
        MessageReader reader = new MessageReader(types, effort);
        if (!givesStream()) {
            return reader.read(method.getOutputType(), messages.getFirst());
        }
        ArrayNode all = Json.array();
        for (ByteString message : messages) {
            all.add(reader.read(method.getOutputType(), message));
        }
        return all;
    }
}
