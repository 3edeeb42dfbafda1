package dev.sluice.executor.protobuf;

import com.google.protobuf.AnyProto;
import com.google.protobuf.ApiProto;
import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.EmptyProto;
import com.google.protobuf.FieldMaskProto;
import com.google.protobuf.SourceContextProto;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.TypeProto;
import com.google.protobuf.WrappersProto;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Files that everybody imports and nobody has to have: those that come with Protocol Buffers, and those that define only options. */
final class KnownFiles {

    private static final Map<String, FileDescriptor> BUILT_IN = new LinkedHashMap<>();

    /** What they define is of no concern to messages, so they count as empty. */
    private static final Set<String> OPTIONS_ONLY = Set.of(
            "google/api/annotations.proto",
            "google/api/client.proto",
            "google/api/field_behavior.proto",
            "google/api/field_info.proto",
            "google/api/resource.proto",
            "google/api/visibility.proto",
            "buf/validate/validate.proto",
            "validate/validate.proto",
            "gogoproto/gogo.proto",
            "protoc-gen-openapiv2/options/annotations.proto");

    static {
        Stream.of(
                        AnyProto.getDescriptor(),
                        ApiProto.getDescriptor(),
                        DescriptorProtos.getDescriptor(),
                        DurationProto.getDescriptor(),
                        EmptyProto.getDescriptor(),
                        FieldMaskProto.getDescriptor(),
                        SourceContextProto.getDescriptor(),
                        StructProto.getDescriptor(),
                        TimestampProto.getDescriptor(),
                        TypeProto.getDescriptor(),
                        WrappersProto.getDescriptor())
                .forEach(file -> BUILT_IN.put(file.getName(), file));
    }

    private KnownFiles() {}

    /** The file of a name, or null when it is another's. */
    static @Nullable FileDescriptor get(String name) {
        FileDescriptor builtIn = BUILT_IN.get(name);
        return builtIn == null && OPTIONS_ONLY.contains(name) ? empty(name) : builtIn;
    }

    /** All that come with Protocol Buffers. */
    static Iterable<FileDescriptor> builtIn() {
        return BUILT_IN.values();
    }

    /** Whether this is the very file that comes with Protocol Buffers. */
    static boolean isBuiltIn(FileDescriptor file) {
        return BUILT_IN.get(file.getName()) == file;
    }

    private static FileDescriptor empty(String name) {
        try {
            return FileDescriptor.buildFrom(
                    FileDescriptorProto.newBuilder().setName(name).build(), new FileDescriptor[0]);
        } catch (DescriptorValidationException e) {
            throw new IllegalStateException("an empty file has nothing wrong", e);
        }
    }
}
