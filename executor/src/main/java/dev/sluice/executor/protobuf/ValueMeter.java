package dev.sluice.executor.protobuf;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.function.LongConsumer;

/**
 * Counts the values of messages before anything is made of them: in bytes a message takes as few as two, in memory hundreds. Not
 * thread-safe.
 */
final class ValueMeter {

    private static final int DEEPEST = 100;
    /** So many places that are empty count as one value. */
    private static final int TOGETHER = 16;

    private final int most;
    private final LongConsumer effort;
    private int counted;

    /**
     * Up to so many.
     *
     * @param effort told of each before anything is made of it
     */
    ValueMeter(int most, LongConsumer effort) {
        this.most = most;
        this.effort = effort;
    }

    /** Counts so many more. */
    void add(long values) throws MalformedMessageException {
        if (counted + values > most) {
            throw new MalformedMessageException("it holds more than " + most + " values", true);
        }
        counted += (int) values;
        effort.accept(values);
    }

    /**
     * Counts what a message takes by itself, besides its values: memory for each group of which one may be set, and time for each field
     * that is looked at.
     */
    void message(Descriptor type) throws MalformedMessageException {
        add(type.getOneofs().size() / TOGETHER + type.getFields().size() / TOGETHER);
    }

    /** Counts those of a message, and all within. */
    void count(Descriptor type, CodedInputStream in) throws IOException, MalformedMessageException {
        count(type, in, 0);
    }

    private void count(Descriptor type, CodedInputStream in, int depth) throws IOException, MalformedMessageException {
        if (depth > DEEPEST) {
            throw new MalformedMessageException("it is nested deeper than " + DEEPEST + " levels");
        }
        message(type);
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
            boolean message = field != null && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
            add(1);
            switch (WireFormat.getTagWireType(tag)) {
                case WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
                    int outer = in.pushLimit(in.readRawVarint32());
                    if (message) {
                        count(field.getMessageType(), in, depth + 1);
                    } else if (field != null && field.isPackable()) {
                        packed(field, in);
                    } else {
                        in.skipRawBytes(in.getBytesUntilLimit());
                    }
                    in.popLimit(outer);
                }
                case WireFormat.WIRETYPE_START_GROUP -> {
                    if (message) {
                        count(field.getMessageType(), in, depth + 1);
                    } else {
                        var _ = in.skipField(tag);
                    }
                }
                case WireFormat.WIRETYPE_END_GROUP -> {
                    return;
                }
                default -> {
                    var _ = in.skipField(tag);
                }
            }
        }
    }

    private void packed(FieldDescriptor field, CodedInputStream in) throws IOException, MalformedMessageException {
        int bytes = in.getBytesUntilLimit();
        switch (field.getType()) {
            case DOUBLE, FIXED64, SFIXED64 -> {
                add(bytes / Long.BYTES);
                in.skipRawBytes(bytes);
            }
            case FLOAT, FIXED32, SFIXED32 -> {
                add(bytes / Integer.BYTES);
                in.skipRawBytes(bytes);
            }
            default -> {
                while (!in.isAtEnd()) {
                    var _ = in.readRawVarint64();
                    add(1);
                }
            }
        }
    }
}
