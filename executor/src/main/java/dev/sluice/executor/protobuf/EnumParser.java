package dev.sluice.executor.protobuf;

import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import dev.sluice.executor.protobuf.Token.Kind;

/** Reads enums, and ranges of numbers. */
final class EnumParser {

    private final Words words;
    private final Syntax syntax;
    private final OptionParser options;

    EnumParser(Words words, Syntax syntax) {
        this.words = words;
        this.syntax = syntax;
        this.options = new OptionParser(words);
    }

    /** From behind {@code enum}. */
    EnumDescriptorProto enumeration() throws ProtoException {
        Token at = words.peek();
        EnumDescriptorProto.Builder type = EnumDescriptorProto.newBuilder().setName(words.name("the name of an enum"));
        words.expect("{");
        while (!words.accept("}")) {
            if (words.accept(";")) {
                continue;
            }
            if (words.accept("option")) {
                option(type);
            } else if (words.accept("reserved")) {
                reserved(Integer.MIN_VALUE, Integer.MAX_VALUE);
            } else {
                type.addValue(value());
            }
        }
        if (type.getValueCount() == 0) {
            throw words.wrong(at, "an enum needs a value");
        }
        return type.build();
    }

    private void option(EnumDescriptorProto.Builder type) throws ProtoException {
        OptionParser.Option option = options.statement();
        if (syntax == Syntax.EDITION_2023) {
            options.feature(option, type.getOptionsBuilder().getFeaturesBuilder());
        }
    }

    private EnumValueDescriptorProto value() throws ProtoException {
        EnumValueDescriptorProto.Builder value =
                EnumValueDescriptorProto.newBuilder().setName(words.name("the name of a value"));
        words.expect("=");
        value.setNumber(words.integer(Integer.MIN_VALUE, Integer.MAX_VALUE, "the number of a value"));
        options.bracketed(option -> {});
        words.expect(";");
        return value.build();
    }

    /** From behind {@code reserved}: names, in editions without quotes, or numbers. */
    void reserved(int least, int most) throws ProtoException {
        if (words.peek().kind() == Kind.TEXT || words.peek().kind() == Kind.NAME) {
            do {
                var _ = words.peek().kind() == Kind.NAME ? words.name("a name") : words.text();
            } while (words.accept(","));
        } else {
            ranges(least, most);
        }
        words.expect(";");
    }

    /** Numbers, and numbers from one to another, with commas between. */
    void ranges(int least, int most) throws ProtoException {
        do {
            int from = words.integer(least, most, "a number");
            if (words.accept("to") && !words.accept("max")) {
                Token end = words.peek();
                if (words.integer(least, most, "a number") < from) {
                    throw words.wrong(end, "the range ends before it begins");
                }
            }
        } while (words.accept(","));
    }
}
