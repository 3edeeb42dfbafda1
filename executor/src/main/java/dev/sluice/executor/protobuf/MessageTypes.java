package dev.sluice.executor.protobuf;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The types of messages by their full names, for what says itself of which type it is ({@code google.protobuf.Any}); and their fields. Thread-safe. */
final class MessageTypes {

    private final Map<String, Descriptor> types = new HashMap<>();

    /** The fields of those that were asked for, by each name that they may have in JSON. */
    private final Map<Descriptor, Map<String, FieldDescriptor>> fields = new ConcurrentHashMap<>();

    private MessageTypes() {}

    /** Those of a file, of all that it imports, and those that come with Protocol Buffers. */
    static MessageTypes of(FileDescriptor file) {
        MessageTypes all = new MessageTypes();
        Set<FileDescriptor> seen = new HashSet<>();
        KnownFiles.builtIn().forEach(builtIn -> all.add(builtIn, seen));
        all.add(file, seen);
        return all;
    }

    /** The type that a URL names by what follows its last slash (any.proto); null when there is none. */
    @Nullable
    Descriptor at(String url) {
        int slash = url.lastIndexOf('/');
        return slash < 0 ? null : types.get(url.substring(slash + 1));
    }

    /** The field that a name in JSON means, or null: one as in its file is before one in lowerCamelCase. */
    @Nullable
    FieldDescriptor field(Descriptor type, String name) {
        return fields(type).get(name);
    }

    /** All names that fields may have in JSON. */
    Set<String> names(Descriptor type) {
        return fields(type).keySet();
    }

    private Map<String, FieldDescriptor> fields(Descriptor type) {
        return fields.computeIfAbsent(type, MessageTypes::named);
    }

    private static Map<String, FieldDescriptor> named(Descriptor type) {
        Map<String, FieldDescriptor> named = new LinkedHashMap<>();
        type.getFields().forEach(field -> named.put(field.getName(), field));
        type.getFields().forEach(field -> named.putIfAbsent(field.getJsonName(), field));
        return Collections.unmodifiableMap(named);
    }

    private void add(FileDescriptor file, Set<FileDescriptor> seen) {
        if (seen.add(file)) {
            file.getMessageTypes().forEach(this::add);
            file.getDependencies().forEach(imported -> add(imported, seen));
        }
    }

    private void add(Descriptor type) {
        if (!type.getOptions().getMapEntry()) {
            types.put(type.getFullName(), type);
            type.getNestedTypes().forEach(this::add);
        }
    }
}
