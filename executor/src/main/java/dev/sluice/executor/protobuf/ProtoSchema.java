package dev.sluice.executor.protobuf;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The services of one file and what they refer to. Immutable and thread-safe. */
public final class ProtoSchema {

    private final FileDescriptor file;
    private final MessageTypes types;

    private ProtoSchema(FileDescriptor file) {
        this.file = file;
        this.types = MessageTypes.of(file);
    }

    /** Where the texts of imported files are from. */
    @FunctionalInterface
    public interface Imports {

        /**
         * The text of a file, or null while it is not there.
         *
         * @param name by which it is imported
         */
        @Nullable
        String text(String name);
    }

    /**
     * Reads a file and all that it imports; empty when one of those is not there yet. All that are not there are asked for that can be
     * known by then. The time it takes grows with the length of the texts, and its depth is bounded.
     *
     * @param name with which messages about the file begin
     * @param budget that all files of one document share
     * @throws ProtoException with file, line and column as far as there are any
     */
    public static Optional<ProtoSchema> of(String name, String text, Imports imports, ProtoBudget budget)
            throws ProtoException {
        FileDescriptor file = new Linker(imports, budget).link(name, text);
        return file == null ? Optional.empty() : Optional.of(new ProtoSchema(file));
    }

    /** The names of all services, each with its package and without. */
    public Set<String> services() {
        Set<String> names = new LinkedHashSet<>();
        for (ServiceDescriptor service : file.getServices()) {
            names.add(service.getFullName());
            names.add(service.getName());
        }
        return names;
    }

    /** The names of a service's methods; empty when there is no such service. */
    public Set<String> methods(String service) {
        Set<String> names = new LinkedHashSet<>();
        find(service).ifPresent(found -> found.getMethods().forEach(method -> names.add(method.getName())));
        return names;
    }

    /** A method of a service, whose name may lack its package; null when there is none. */
    public @Nullable RpcMethod method(String service, String name) {
        return find(service)
                .map(found -> found.findMethodByName(name))
                .map(method -> new RpcMethod(method, types))
                .orElse(null);
    }

    private Optional<ServiceDescriptor> find(String name) {
        return file.getServices().stream()
                .filter(service ->
                        service.getFullName().equals(name) || service.getName().equals(name))
                .findFirst();
    }
}
