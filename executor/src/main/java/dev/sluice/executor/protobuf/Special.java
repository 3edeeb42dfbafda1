package dev.sluice.executor.protobuf;

import com.google.protobuf.Descriptors.Descriptor;
import java.util.Locale;

/** Types that are something else in JSON than an object of their fields (ProtoJSON, "Representation of each type"). */
enum Special {
    NONE,
    ANY,
    TIMESTAMP,
    DURATION,
    FIELDMASK,
    STRUCT,
    VALUE,
    LISTVALUE,
    /** A scalar, which may be absent. */
    WRAPPER;

    /** What a type is; only those that come with Protocol Buffers are anything. */
    static Special of(Descriptor type) {
        if (!KnownFiles.isBuiltIn(type.getFile())) {
            return NONE;
        }
        return switch (type.getFullName()) {
            case "google.protobuf.Any",
                    "google.protobuf.Timestamp",
                    "google.protobuf.Duration",
                    "google.protobuf.FieldMask",
                    "google.protobuf.Struct",
                    "google.protobuf.Value",
                    "google.protobuf.ListValue" -> valueOf(type.getName().toUpperCase(Locale.ROOT));
            default -> type.getFile().getName().equals("google/protobuf/wrappers.proto") ? WRAPPER : NONE;
        };
    }
}
