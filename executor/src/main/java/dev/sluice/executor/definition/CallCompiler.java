package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Template;
import dev.sluice.shared.json.Json;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compiles {@code call}: of what the specification defines, and of the document's own functions. */
final class CallCompiler {

    private static final String HTTP = "http";
    private static final String OPENAPI = "openapi";
    static final String GRPC = "grpc";
    private static final String ASYNCAPI = "asyncapi";

    private static final String MCP = "mcp";
    private static final String A2A = "a2a";

    /** Functions of the specification, whose names no author may give to others. */
    private static final Set<String> DEFINED = Set.of(HTTP, OPENAPI, GRPC, ASYNCAPI, MCP, A2A);

    private final Compilers compilers;
    private final Violations violations;
    private final Reusables reusables;

    CallCompiler(Compilers compilers, Reusables reusables) {
        this.compilers = compilers;
        this.violations = compilers.violations();
        this.reusables = reusables;
    }

    /** Compiles the tasks under {@code use.functions}. */
    void compileReusable() {
        for (String name : reusables.names("functions")) {
            String pointer = Reusables.pointer("functions", name);
            if (DEFINED.contains(name)) {
                violations.report(pointer, "'" + name + "' is a function of the specification; choose another name");
            }
            compilers.names().plain(name, pointer);
            Task task = compilers
                    .tasks()
                    .compile(name, reusables.get("functions", name), pointer, Set.of(), Scope.OUTERMOST);
            if (task != null) {
                compilers.functions().put(name, task);
            }
        }
    }

    @Nullable
    Task compile(TaskBase base, Fields fields, Scope scope, OnUnknown onUnknown) {
        String function = fields.text("call");
        JsonNode with = fields.get("with");
        if (function == null) {
            return null;
        }
        if (reusables.names("functions").contains(function)) {
            return new Task.CallFunction(base, function, arguments(fields, with, scope));
        }
        if (isStream(function)) {
            return compileStream(base, fields, with, scope);
        }
        if (CatalogCompiler.isElsewhere(function)) {
            compilers.catalogs().require(function, fields.pointer("call"));
            return new Task.CallFunction(base, function, arguments(fields, with, scope));
        }
        if (!DEFINED.contains(function)) {
            violations.report(fields.pointer("call"), unknown(function));
            return null;
        }
        if (with == null) {
            violations.report(fields.pointer(), "'with' is missing");
            return null;
        }
        Fields arguments = Fields.of(with, fields.pointer("with"), violations);
        if (function.equals(ASYNCAPI)) {
            return compilers.asyncApi().compile(base, arguments, scope, onUnknown);
        }
        Call call = switch (function) {
            case HTTP -> compilers.http().compile(arguments, scope.call());
            case OPENAPI -> compilers.openApi().compile(arguments, scope.call());
            case GRPC -> compilers.grpc().compile(arguments, scope.call(), tls(fields));
            case MCP -> compilers.mcp().compile(arguments, scope.call());
            case A2A -> compilers.a2a().compile(arguments, scope.call());
            default -> throw new IllegalStateException("No compiler for " + function);
        };
        return call == null ? null : new Task.MakeCall(base, call, onUnknown);
    }

    /** Unless the author has another default catalog (DSL, "Default Catalog"). */
    private boolean isStream(String function) {
        return function.equals(StreamCompiler.NAME)
                || (function.equals(StreamCompiler.CATALOGED)
                        && !reusables.names("catalogs").contains("default"));
    }

    private @Nullable Task compileStream(TaskBase base, Fields fields, @Nullable JsonNode with, Scope scope) {
        if (with == null) {
            violations.report(fields.pointer(), "'with' is missing");
            return null;
        }
        return compilers.streams().compile(base, Fields.of(with, fields.pointer("with"), violations), scope);
    }

    /** Whether a task makes one request, of which it may not be known what it did. */
    static boolean isRequest(JsonNode definition) {
        String function = definition.path("call").asString("");
        boolean subscription =
                function.equals(ASYNCAPI) && definition.path("with").has("subscription");
        return DEFINED.contains(function) && !subscription;
    }

    /** Whether a task is a call that says who makes it. */
    static boolean authenticates(JsonNode definition) {
        JsonNode with = definition.path("with");
        JsonNode owner = switch (definition.path("call").asString("")) {
            case HTTP -> with.path("endpoint");
            case OPENAPI, ASYNCAPI -> with;
            case GRPC -> with.path("service");
            case MCP -> with.path("transport").path(HTTP).path("endpoint");
            case A2A -> with.has("agentCard") ? with.path("agentCard").path("endpoint") : with.path("server");
            default -> Json.object();
        };
        return owner.has("authentication");
    }

    /** What {@code metadata.sluice.tls} says; null for nothing. */
    private static @Nullable Boolean tls(Fields fields) {
        Fields metadata = fields.object("metadata");
        Fields sluice = metadata == null ? null : metadata.object("sluice");
        return sluice == null ? null : sluice.bool("tls");
    }

    private String unknown(String function) {
        Set<String> known = new TreeSet<>(DEFINED);
        known.add(StreamCompiler.NAME);
        return "there is no function '" + function + "' in use.functions"
                + violations.didYouMean(function, reusables.names("functions"), known);
    }

    private @Nullable Template arguments(Fields fields, @Nullable JsonNode with, Scope scope) {
        if (with == null) {
            return null;
        }
        String pointer = fields.pointer("with");
        boolean expression = with.isString() && compilers.expressions().isExpression(with.stringValue(), scope.call());
        if (!with.isObject() && !expression) {
            violations.report(pointer, "must be an object or an expression ${ }, not " + Fields.kind(with));
        }
        return compilers.expressions().template(with, pointer, scope.call());
    }
}
