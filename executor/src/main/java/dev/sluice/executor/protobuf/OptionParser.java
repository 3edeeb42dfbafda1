package dev.sluice.executor.protobuf;

import com.google.protobuf.DescriptorProtos.FeatureSet;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.sluice.executor.protobuf.Token.Kind;

/** Reads options. Only those matter that say how a message looks, in bytes or as JSON; all others are read over. */
final class OptionParser {

    private static final String FEATURES = "features.";
    private static final int DEEPEST = 32;

    private final Words words;

    OptionParser(Words words) {
        this.words = words;
    }

    /**
     * An option.
     *
     * @param at    where its name begins
     * @param value as it is written, of a string what it says; empty when it is a message
     */
    record Option(Token at, String name, String value) {

        boolean is(String other) {
            return name.equals(other);
        }
    }

    /** A whole statement, from behind {@code option} to its semicolon. */
    Option statement() throws ProtoException {
        Option option = option();
        words.expect(";");
        return option;
    }

    /** What is done with an option. */
    @FunctionalInterface
    interface Taker {
        void take(Option option) throws ProtoException;
    }

    /** Options in brackets, when there are any. */
    void bracketed(Taker taker) throws ProtoException {
        if (!words.accept("[")) {
            return;
        }
        do {
            taker.take(option());
        } while (words.accept(","));
        words.expect("]");
    }

    /** Sets a feature of an edition; every other option is left alone. */
    void feature(Option option, FeatureSet.Builder features) throws ProtoException {
        if (!option.name().startsWith(FEATURES) || option.name().indexOf('(') >= 0) {
            return;
        }
        String name = option.name().substring(FEATURES.length());
        FieldDescriptor feature = FeatureSet.getDescriptor().findFieldByName(name);
        EnumValueDescriptor value = feature == null || feature.getJavaType() != FieldDescriptor.JavaType.ENUM
                ? null
                : feature.getEnumType().findValueByName(option.value());
        if (value == null) {
            throw words.wrong(
                    option.at(), "there is no feature '" + name + "' with the value '" + option.value() + '\'');
        }
        features.setField(feature, value);
    }

    private Option option() throws ProtoException {
        Token at = words.peek();
        StringBuilder name = new StringBuilder();
        do {
            if (!name.isEmpty()) {
                name.append('.');
            }
            if (words.accept("(")) {
                name.append('(').append(words.fullName(true)).append(')');
                words.expect(")");
            } else {
                name.append(words.name("the name of an option"));
            }
        } while (words.accept("."));
        words.expect("=");
        return new Option(at, name.toString(), value());
    }

    private String value() throws ProtoException {
        Token first = words.peek();
        if (first.is("{")) {
            skipMessage();
            return "";
        }
        if (first.kind() == Kind.TEXT) {
            return words.text();
        }
        String sign = words.accept("-") ? "-" : words.accept("+") ? "+" : "";
        Token value = words.peek();
        if (value.kind() == Kind.NAME || value.kind() == Kind.INTEGER || value.kind() == Kind.DECIMAL) {
            return sign + words.take().text();
        }
        throw words.expected("the value of the option");
    }

    /** A message in the text format, within which braces and brackets match. */
    private void skipMessage() throws ProtoException {
        int depth = 0;
        do {
            Token token = words.take();
            if (token.is("{") || token.is("[")) {
                depth++;
            } else if (token.is("}") || token.is("]")) {
                depth--;
            }
            if (depth > DEEPEST) {
                throw words.wrong(token, "an option is nested deeper than " + DEEPEST + " levels");
            }
            if (token.kind() == Kind.END) {
                throw words.wrong(token, "an option does not end");
            }
        } while (depth > 0);
    }
}
