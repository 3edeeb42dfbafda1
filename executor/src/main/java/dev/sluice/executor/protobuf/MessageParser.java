package dev.sluice.executor.protobuf;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import java.util.HashSet;
import java.util.Set;

/** Reads messages: their fields, and what is defined within them. */
final class MessageParser {

    private static final int DEEPEST = 32;
    private static final int MOST_FIELD_NUMBER = (1 << 29) - 1;

    private final Words words;
    private final Syntax syntax;
    private final OptionParser options;
    private final FieldParser fields;
    private final EnumParser enums;

    MessageParser(Words words, Syntax syntax) {
        this.words = words;
        this.syntax = syntax;
        this.options = new OptionParser(words);
        this.fields = new FieldParser(words, syntax, this);
        this.enums = new EnumParser(words, syntax);
    }

    /** From behind {@code message}. */
    DescriptorProto message(int depth) throws ProtoException {
        return body(words.name("the name of a message"), depth);
    }

    /** From behind {@code enum}. */
    EnumDescriptorProto enumeration() throws ProtoException {
        return enums.enumeration();
    }

    /**
     * From behind {@code extend}. What others add to a message is no field of the JSON, and so is read over.
     *
     * @param depth of where it stands
     */
    void extension(int depth) throws ProtoException {
        var _ = words.fullName(true);
        DescriptorProto.Builder scratch = DescriptorProto.newBuilder();
        words.expect("{");
        while (!words.accept("}")) {
            if (!words.accept(";")) {
                fields.field(scratch, -1, depth);
            }
        }
    }

    /** The braces and what is within. */
    DescriptorProto body(String name, int depth) throws ProtoException {
        if (depth > DEEPEST) {
            throw words.wrong(words.peek(), "messages are nested deeper than " + DEEPEST + " levels");
        }
        DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(name);
        words.expect("{");
        while (!words.accept("}")) {
            statement(message, depth);
        }
        addSyntheticOneofs(message);
        return message.build();
    }

    private void statement(DescriptorProto.Builder message, int depth) throws ProtoException {
        switch (words.peek().text()) {
            case ";" -> words.expect(";");
            case "message" -> {
                words.expect("message");
                message.addNestedType(message(depth + 1));
            }
            case "enum" -> {
                words.expect("enum");
                message.addEnumType(enums.enumeration());
            }
            case "extend" -> {
                words.expect("extend");
                extension(depth + 1);
            }
            case "extensions" -> {
                words.expect("extensions");
                enums.ranges(1, MOST_FIELD_NUMBER);
                options.bracketed(option -> {});
                words.expect(";");
            }
            case "reserved" -> {
                words.expect("reserved");
                enums.reserved(1, MOST_FIELD_NUMBER);
            }
            case "option" -> {
                words.expect("option");
                option(message);
            }
            case "oneof" -> {
                words.expect("oneof");
                oneof(message, depth);
            }
            default -> fields.field(message, -1, depth);
        }
    }

    private void option(DescriptorProto.Builder message) throws ProtoException {
        OptionParser.Option option = options.statement();
        if (option.is("message_set_wire_format") && option.value().equals("true")) {
            throw words.wrong(option.at(), "the wire format of message sets is not available");
        }
        if (syntax == Syntax.EDITION_2023) {
            options.feature(option, message.getOptionsBuilder().getFeaturesBuilder());
        }
    }

    private void oneof(DescriptorProto.Builder message, int depth) throws ProtoException {
        int index = message.getOneofDeclCount();
        Token at = words.peek();
        message.addOneofDecl(OneofDescriptorProto.newBuilder().setName(words.name("the name of a oneof")));
        words.expect("{");
        int before = message.getFieldCount();
        while (!words.accept("}")) {
            if (words.accept("option")) {
                var _ = options.statement();
            } else if (!words.accept(";")) {
                fields.field(message, index, depth);
            }
        }
        if (message.getFieldCount() == before) {
            throw words.wrong(at, "a oneof needs a field");
        }
    }

    /** An optional field of proto3 is a oneof of its own, by which it is told whether it is there. */
    private static void addSyntheticOneofs(DescriptorProto.Builder message) {
        Set<String> names = new HashSet<>();
        message.getFieldList().forEach(field -> names.add(field.getName()));
        message.getOneofDeclList().forEach(oneof -> names.add(oneof.getName()));
        for (FieldDescriptorProto.Builder field : message.getFieldBuilderList()) {
            if (field.getProto3Optional() && field.getLabel() == Label.LABEL_OPTIONAL) {
                String name = "_" + field.getName();
                while (!names.add(name)) {
                    name = "X" + name;
                }
                field.setOneofIndex(message.getOneofDeclCount());
                message.addOneofDecl(OneofDescriptorProto.newBuilder().setName(name));
            }
        }
    }
}
