package dev.sluice.executor.definition;

import dev.sluice.executor.definition.ResourceCompiler.Text;
import dev.sluice.executor.expression.Template;
import dev.sluice.executor.protobuf.ProtoBudget;
import dev.sluice.executor.protobuf.ProtoException;
import dev.sluice.executor.protobuf.ProtoSchema;
import dev.sluice.executor.protobuf.RpcMethod;
import dev.sluice.shared.json.Json;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compiles the {@code with} of {@code call: grpc}. Files that are imported are sought from the folder of the one that is named. */
final class GrpcCallCompiler {

    private static final Pattern HOST = Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9.-]{0,61}[a-zA-Z0-9])?");
    private static final Pattern IMPORT = Pattern.compile("(?!.*\\.\\.)[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*");
    private static final int LONGEST_IMPORT = 200;
    private static final int TLS_PORT = 443;
    private static final int MOST_PORT = 65535;

    private final Violations violations;
    private final ExpressionCompiler expressions;
    private final AuthenticationCompiler authentications;
    private final ResourceCompiler resources;
    /** Of the files that were read, for many tasks call methods of one; empty for those that cannot be used yet, or at all. */
    private final Map<URI, Optional<ProtoSchema>> known = new HashMap<>();

    private final ProtoBudget budget = new ProtoBudget();

    GrpcCallCompiler(
            Violations violations,
            ExpressionCompiler expressions,
            AuthenticationCompiler authentications,
            ResourceCompiler resources) {
        this.violations = violations;
        this.expressions = expressions;
        this.authentications = authentications;
        this.resources = resources;
    }

    /**
     * The call; null while one of its files has yet to be fetched, and for what is reported.
     *
     * @param tls whether it is said that TLS is spoken, null where nothing is said
     */
    @Nullable
    GrpcCall compile(Fields with, Set<String> around, @Nullable Boolean tls) {
        Text proto = resources.requiredText(with, "proto", around);
        JsonNode described = with.required("service");
        Fields fields = described == null ? null : Fields.of(described, with.pointer("service"), violations);
        Service service = fields == null ? Service.NONE : service(fields, around, tls);
        String method = with.requiredText("method");
        JsonNode arguments = with.get("arguments");
        with.close();
        Set<String> variables = service.authentication() == null ? around : Scope.authenticated(around);
        Template template = arguments(arguments, with.pointer("arguments"), variables);
        ProtoSchema schema = proto == null ? null : schema(proto, with);
        RpcMethod found = schema == null || service.name() == null || method == null
                ? null
                : method(schema, service.name(), method, with);
        if (found == null || service.server() == null) {
            return null;
        }
        check(found, arguments, with.pointer("arguments"));
        return new GrpcCall(service.server(), found, template, service.authentication());
    }

    /** What is said of the service, as far as it is right. */
    private record Service(
            @Nullable String name,
            @Nullable URI server,
            @Nullable Authentication authentication) {

        static final Service NONE = new Service(null, null, null);
    }

    private Service service(Fields fields, Set<String> around, @Nullable Boolean tls) {
        Service service = new Service(fields.requiredText("name"), server(fields, tls), authentication(fields, around));
        if (service.server() != null) {
            String scheme = service.server().getScheme();
            authentications.check(service.authentication(), scheme, fields.pointer("authentication"));
        }
        fields.close();
        return service;
    }

    private @Nullable URI server(Fields service, @Nullable Boolean tls) {
        String host = service.requiredText("host");
        Integer port = service.integer("port", 1, MOST_PORT);
        if (host == null) {
            return null;
        }
        int number = port == null ? TLS_PORT : port;
        boolean secure = tls == null ? number == TLS_PORT : tls;
        String named = secure && number == TLS_PORT ? "" : ":" + number;
        URI server = HOST.matcher(host).matches() ? URI.create((secure ? "https://" : "http://") + host + named) : null;
        if (server == null || server.getHost() == null) {
            violations.report(service.pointer("host"), "must be the name of a host or an address, not '" + host + '\'');
            return null;
        }
        return server;
    }

    private @Nullable Authentication authentication(Fields service, Set<String> around) {
        Authentication authentication = authentications.optional(service, around);
        if (authentication != null && authentication.scheme() == Authentication.Scheme.DIGEST) {
            violations.report(
                    service.pointer("authentication"),
                    "digest is not available for gRPC: no server of it asks for one");
        }
        return authentication;
    }

    private Template arguments(@Nullable JsonNode arguments, String pointer, Set<String> variables) {
        if (arguments == null) {
            return (input, scope) -> Json.object();
        }
        boolean expression = arguments.isString() && expressions.isExpression(arguments.stringValue(), variables);
        if (!arguments.isContainer() && !expression) {
            violations.report(
                    pointer, "must be an object, a list or an expression ${ }, not " + Fields.kind(arguments));
        }
        return expressions.template(arguments, pointer, variables);
    }

    private @Nullable ProtoSchema schema(Text proto, Fields with) {
        return known.computeIfAbsent(
                        proto.reference().uri(),
                        uri -> read(proto, uri.getPath(), Pointers.child(with.pointer("proto"), "endpoint")))
                .orElse(null);
    }

    /** What is wrong with the file is reported where it is named first. */
    private Optional<ProtoSchema> read(Text proto, String path, String pointer) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        try {
            return ProtoSchema.of(
                    name.isEmpty() ? "the file" : name,
                    proto.content(),
                    other -> imported(proto, other, pointer),
                    budget);
        } catch (ProtoException e) {
            violations.report(pointer, "cannot be used: " + Objects.requireNonNullElse(e.getMessage(), ""));
            return Optional.empty();
        }
    }

    private @Nullable String imported(Text proto, String name, String pointer) {
        if (name.length() > LONGEST_IMPORT || !IMPORT.matcher(name).matches()) {
            String shown = name.length() > LONGEST_IMPORT ? name.substring(0, LONGEST_IMPORT) + '…' : name;
            violations.report(
                    pointer, "cannot be used: it imports '" + shown + "', which is no path within its folder");
            return null;
        }
        return resources.textFor(proto, proto.reference().uri().resolve(name), pointer);
    }

    private @Nullable RpcMethod method(ProtoSchema schema, String name, String method, Fields with) {
        RpcMethod found = schema.method(name, method);
        if (found != null) {
            return found;
        }
        if (!schema.services().contains(name)) {
            violations.report(
                    Pointers.child(with.pointer("service"), "name"),
                    "there is no service '" + name + "' in the file" + violations.didYouMean(name, schema.services()));
        } else {
            violations.report(
                    with.pointer("method"),
                    "the service has no method '" + method + '\''
                            + violations.didYouMean(method, schema.methods(name)));
        }
        return null;
    }

    private void check(RpcMethod method, @Nullable JsonNode arguments, String pointer) {
        if (arguments == null) {
            return;
        }
        if (arguments.isArray() && !method.takesStream()) {
            violations.report(pointer, "must be an object, not a list: the method takes one message");
            return;
        }
        method.check(arguments, (path, name, fields) -> {
            String at = pointer;
            for (String part : path) {
                at = Pointers.child(at, part);
            }
            violations.report(
                    Pointers.child(at, name),
                    "the message has no field '" + name + '\'' + violations.didYouMean(name, fields));
        });
    }
}
