package dev.sluice.executor.protobuf;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The types of messages by their full names, for what says itself of which type it is ({@code google.protobuf.Any}). Immutable. */
final class MessageTypes {

    private final Map<String, Descriptor> types = new HashMap<>();

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
