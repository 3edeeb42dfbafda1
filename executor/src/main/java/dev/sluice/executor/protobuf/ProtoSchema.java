package dev.sluice.executor.protobuf;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The services of one file and what they refer to. Immutable and thread-safe. */
public final class ProtoSchema {

    private final Map<String, Service> services;

    private ProtoSchema(FileDescriptor file) {
        MessageTypes types = MessageTypes.of(file);
        Map<String, Service> named = new LinkedHashMap<>();
        for (ServiceDescriptor service : file.getServices()) {
            Service known = Service.of(service, types);
            named.put(service.getFullName(), known);
            named.putIfAbsent(service.getName(), known);
        }
        this.services = Collections.unmodifiableMap(named);
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
        return services.keySet();
    }

    /** The names of a service's methods; empty when there is no such service. */
    public Set<String> methods(String service) {
        Service found = services.get(service);
        return found == null ? Set.of() : found.methods().keySet();
    }

    /** A method of a service, whose name may lack its package; null when there is none. */
    public @Nullable RpcMethod method(String service, String name) {
        Service found = services.get(service);
        return found == null ? null : found.methods().get(name);
    }

    /** A service's methods by their names. */
    private record Service(Map<String, RpcMethod> methods) {

        static Service of(ServiceDescriptor descriptor, MessageTypes types) {
            Map<String, RpcMethod> methods = new LinkedHashMap<>();
            descriptor.getMethods().forEach(method -> methods.put(method.getName(), new RpcMethod(method, types)));
            return new Service(Collections.unmodifiableMap(methods));
        }
    }
}
