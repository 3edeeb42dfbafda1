package dev.sluice.executor.protobuf;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads fields: plain ones, maps and groups. */
final class FieldParser {

    private static final int MOST = (1 << 29) - 1;
    private static final int FIRST_OF_PROTOBUF = 19_000;
    private static final int LAST_OF_PROTOBUF = 19_999;

    private static final Map<String, FieldDescriptorProto.Type> SCALARS = Map.ofEntries(
            Map.entry("double", FieldDescriptorProto.Type.TYPE_DOUBLE),
            Map.entry("float", FieldDescriptorProto.Type.TYPE_FLOAT),
            Map.entry("int32", FieldDescriptorProto.Type.TYPE_INT32),
            Map.entry("int64", FieldDescriptorProto.Type.TYPE_INT64),
            Map.entry("uint32", FieldDescriptorProto.Type.TYPE_UINT32),
            Map.entry("uint64", FieldDescriptorProto.Type.TYPE_UINT64),
            Map.entry("sint32", FieldDescriptorProto.Type.TYPE_SINT32),
            Map.entry("sint64", FieldDescriptorProto.Type.TYPE_SINT64),
            Map.entry("fixed32", FieldDescriptorProto.Type.TYPE_FIXED32),
            Map.entry("fixed64", FieldDescriptorProto.Type.TYPE_FIXED64),
            Map.entry("sfixed32", FieldDescriptorProto.Type.TYPE_SFIXED32),
            Map.entry("sfixed64", FieldDescriptorProto.Type.TYPE_SFIXED64),
            Map.entry("bool", FieldDescriptorProto.Type.TYPE_BOOL),
            Map.entry("string", FieldDescriptorProto.Type.TYPE_STRING),
            Map.entry("bytes", FieldDescriptorProto.Type.TYPE_BYTES));
    private static final Set<String> NO_KEYS = Set.of("double", "float", "bytes");

    private final Words words;
    private final Syntax syntax;
    private final OptionParser options;
    private final MessageParser messages;

    FieldParser(Words words, Syntax syntax, MessageParser messages) {
        this.words = words;
        this.syntax = syntax;
        this.options = new OptionParser(words);
        this.messages = messages;
    }

    /**
     * Reads a field into its message, with the type of a map's entries or of a group beside it.
     *
     * @param oneof index of that which it stands in, below zero for none
     * @param depth of the message
     */
    void field(DescriptorProto.Builder message, int oneof, int depth) throws ProtoException {
        Token at = words.peek();
        Label label = label();
        if (label != null && oneof >= 0) {
            throw words.wrong(at, "a field of a oneof has no label");
        }
        FieldDescriptorProto.Builder field =
                FieldDescriptorProto.newBuilder().setLabel(label == null ? Label.LABEL_OPTIONAL : label);
        if (oneof >= 0) {
            field.setOneofIndex(oneof);
        }
        String name = words.fullName(true);
        if (name.equals("map") && words.peek().is("<")) {
            if (label != null || oneof >= 0) {
                throw words.wrong(at, "a map has no label, and stands in no oneof");
            }
            map(message, field);
            return;
        }
        check(at, label, oneof);
        if (name.equals("group")) {
            group(message, field, at, depth);
        } else {
            plain(message, field.setProto3Optional(label == Label.LABEL_OPTIONAL && syntax == Syntax.PROTO3), name);
        }
    }

    private @Nullable Label label() throws ProtoException {
        for (Label label : Label.values()) {
            if (words.accept(label.name().substring("LABEL_".length()).toLowerCase(Locale.ROOT))) {
                return label;
            }
        }
        return null;
    }

    /** Which labels there are depends on what the file is written in. */
    private void check(Token at, @Nullable Label label, int oneof) throws ProtoException {
        if (syntax == Syntax.PROTO2 && label == null && oneof < 0) {
            throw words.wrong(
                    at, "expected 'required', 'optional' or 'repeated' (this is proto2), not " + at.described());
        }
        if (label == Label.LABEL_REQUIRED && syntax != Syntax.PROTO2) {
            throw words.wrong(at, "required fields are of proto2 alone");
        }
        if (label == Label.LABEL_OPTIONAL && syntax == Syntax.EDITION_2023) {
            throw words.wrong(at, "an edition has no 'optional'; it has features.field_presence");
        }
    }

    private void plain(DescriptorProto.Builder message, FieldDescriptorProto.Builder field, String type)
            throws ProtoException {
        type(field, type);
        field.setName(words.name("the name of a field"));
        number(field);
        finish(field);
        words.expect(";");
        message.addField(field);
    }

    private static void type(FieldDescriptorProto.Builder field, String type) {
        FieldDescriptorProto.Type scalar = SCALARS.get(type);
        if (scalar == null) {
            field.setTypeName(type);
        } else {
            field.setType(scalar);
        }
    }

    private void number(FieldDescriptorProto.Builder field) throws ProtoException {
        words.expect("=");
        Token at = words.peek();
        int number = words.integer(1, MOST, "the number of a field");
        if (number >= FIRST_OF_PROTOBUF && number <= LAST_OF_PROTOBUF) {
            throw words.wrong(at, "the numbers from 19000 to 19999 are those of Protocol Buffers itself");
        }
        field.setNumber(number);
    }

    private void finish(FieldDescriptorProto.Builder field) throws ProtoException {
        options.bracketed(option -> {
            if (option.is("packed")) {
                field.getOptionsBuilder().setPacked(option.value().equals("true"));
            } else if (option.is("json_name")) {
                field.setJsonName(option.value());
            } else if (syntax == Syntax.EDITION_2023) {
                options.feature(option, field.getOptionsBuilder().getFeaturesBuilder());
            }
        });
    }

    /** A map is a list of entries, which are messages (language guide, "Maps"). */
    private void map(DescriptorProto.Builder message, FieldDescriptorProto.Builder field) throws ProtoException {
        words.expect("<");
        Token at = words.peek();
        String key = words.fullName(true);
        if (!SCALARS.containsKey(key) || NO_KEYS.contains(key)) {
            throw words.wrong(
                    at, "the keys of a map are numbers without a fraction, bool or string, not '" + key + '\'');
        }
        words.expect(",");
        String value = words.fullName(true);
        words.expect(">");
        field.setName(words.name("the name of a field"));
        number(field);
        String entry = entryName(field.getName());
        message.addNestedType(DescriptorProto.newBuilder()
                .setName(entry)
                .addField(part("key", 1, key))
                .addField(part("value", 2, value))
                .setOptions(MessageOptions.newBuilder().setMapEntry(true)));
        field.setLabel(Label.LABEL_REPEATED)
                .setType(FieldDescriptorProto.Type.TYPE_MESSAGE)
                .setTypeName(entry);
        finish(field);
        words.expect(";");
        message.addField(field);
    }

    private static FieldDescriptorProto.Builder part(String name, int number, String type) {
        FieldDescriptorProto.Builder part = FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setLabel(Label.LABEL_OPTIONAL);
        type(part, type);
        return part;
    }

    private static String entryName(String field) {
        StringBuilder name = new StringBuilder();
        boolean upper = true;
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '_') {
                upper = true;
            } else {
                name.append(upper ? Character.toUpperCase(c) : c);
                upper = false;
            }
        }
        return name.append("Entry").toString();
    }

    /** A field and a message in one. */
    private void group(DescriptorProto.Builder message, FieldDescriptorProto.Builder field, Token at, int depth)
            throws ProtoException {
        if (syntax != Syntax.PROTO2) {
            throw words.wrong(at, "groups are of proto2 alone");
        }
        String type = words.name("the name of a group");
        if (!Character.isUpperCase(type.charAt(0))) {
            throw words.wrong(at, "the name of a group begins with a capital letter");
        }
        field.setName(type.toLowerCase(Locale.ROOT))
                .setType(FieldDescriptorProto.Type.TYPE_GROUP)
                .setTypeName(type);
        number(field);
        finish(field);
        message.addField(field);
        message.addNestedType(messages.body(type, depth + 1));
    }
}
