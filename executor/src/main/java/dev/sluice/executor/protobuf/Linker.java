package dev.sluice.executor.protobuf;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import dev.sluice.executor.protobuf.ProtoSchema.Imports;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts a file together with those that it imports, and those with theirs. At most {@value #MOST_FILES} files, which define what a
 * budget allows.
 */
final class Linker {

    private static final int MOST_FILES = 20;

    private final Imports imports;
    private final ProtoBudget budget;
    private final Map<String, FileDescriptorProto> parsed = new HashMap<>();
    private final Map<String, FileDescriptor> linked = new HashMap<>();
    private boolean complete = true;

    Linker(Imports imports, ProtoBudget budget) {
        this.imports = imports;
        this.budget = budget;
    }

    /** The file, or null when something that it imports is not there. */
    @Nullable
    FileDescriptor link(String name, String text) throws ProtoException {
        Deque<FileDescriptorProto> unread = new ArrayDeque<>();
        FileDescriptorProto file = read(name, text, unread);
        while (!unread.isEmpty()) {
            for (String imported : unread.remove().getDependencyList()) {
                find(imported, unread);
            }
        }
        return complete ? linked(file, new LinkedHashSet<>()) : null;
    }

    private void find(String name, Deque<FileDescriptorProto> unread) throws ProtoException {
        if (parsed.containsKey(name) || KnownFiles.get(name) != null) {
            return;
        }
        if (parsed.size() == MOST_FILES) {
            throw new ProtoException("more than " + MOST_FILES + " files are imported");
        }
        String text = imports.text(name);
        if (text == null) {
            complete = false;
        } else {
            var _ = read(name, text, unread);
        }
    }

    private FileDescriptorProto read(String name, String text, Deque<FileDescriptorProto> unread)
            throws ProtoException {
        FileDescriptorProto file = FileParser.parse(name, text);
        budget.spend(file);
        parsed.put(name, file);
        unread.add(file);
        return file;
    }

    /**
     * Links what is read.
     *
     * @param within the files on whose behalf it is
     */
    private FileDescriptor linked(FileDescriptorProto file, Set<String> within) throws ProtoException {
        String name = file.getName();
        if (!within.add(name)) {
            throw new ProtoException("the file imports itself: " + String.join(" → ", within) + " → " + name);
        }
        List<FileDescriptor> dependencies = new ArrayList<>();
        for (String imported : file.getDependencyList()) {
            FileDescriptor known = linked.containsKey(imported) ? linked.get(imported) : KnownFiles.get(imported);
            dependencies.add(known == null ? linked(Objects.requireNonNull(parsed.get(imported)), within) : known);
        }
        within.remove(name);
        FileDescriptor descriptor = built(file, dependencies);
        linked.put(name, descriptor);
        return descriptor;
    }

    private static FileDescriptor built(FileDescriptorProto file, List<FileDescriptor> dependencies)
            throws ProtoException {
        try {
            return FileDescriptor.buildFrom(file, dependencies.toArray(FileDescriptor[]::new));
        } catch (DescriptorValidationException e) {
            throw new ProtoException(Objects.requireNonNullElse(e.getMessage(), file.getName()));
        } catch (IllegalArgumentException e) {
            throw new ProtoException(file.getName() + ": " + e.getMessage());
        }
    }
}
