package dev.sluice.executor.definition;

import dev.sluice.executor.expression.ExpressionMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The compilers of one document's parts, which share its violations and its reusable components. */
final class Compilers {

    private final Map<String, Consumption> listeners;
    private final Map<String, Task> functions;
    private final PendingFunctions pending;
    private final RemoteDocuments remote;
    private final ExpressionMode mode;
    private final Reusables reusables;
    private final Compiled compiled;

    private final AddressCompiler addresses;
    private final Violations violations;
    private final Names names;
    private final ExpressionCompiler expressions;
    private final SchemaCompiler schemas;
    private final DurationCompiler durations;
    private final TimeoutCompiler timeouts;
    private final ErrorCompiler errors;
    private final RetryCompiler retries;
    private final AuthenticationCompiler authentications;
    private final HttpCallCompiler http;
    private final OpenApiCallCompiler openApi;
    private final McpCallCompiler mcp;
    private final A2aCallCompiler a2a;
    private final GrpcCallCompiler grpc;
    private final AsyncApiCallCompiler asyncApi;
    private final EventTaskCompiler events;
    private final RunCompiler runs;
    private final CatalogCompiler catalogs;
    private final StreamCompiler streams;
    private final CallCompiler calls;
    private final ExtensionCompiler extensions;
    private final CompositeCompiler composites;
    private final TaskListCompiler lists;
    private final TaskCompiler tasks;

    Compilers(Violations violations, Reusables reusables, ExpressionMode mode, RemoteDocuments remote) {
        this(violations, reusables, mode, remote, new Compiled());
    }

    /** Of a part, some of which is compiled already. */
    Compilers(
            Violations violations,
            Reusables reusables,
            ExpressionMode mode,
            RemoteDocuments remote,
            Compiled compiled) {
        this(
                violations,
                reusables,
                mode,
                remote,
                compiled,
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new PendingFunctions());
    }

    private Compilers(
            Violations violations,
            Reusables reusables,
            ExpressionMode mode,
            RemoteDocuments remote,
            Compiled compiled,
            Map<String, Consumption> listeners,
            Map<String, Task> functions,
            PendingFunctions pending) {
        this.violations = violations;
        this.remote = remote;
        this.mode = mode;
        this.reusables = reusables;
        this.compiled = compiled;
        this.listeners = listeners;
        this.functions = functions;
        this.pending = pending;
        this.names = new Names(violations);
        this.expressions = new ExpressionCompiler(violations, mode, reusables);
        this.durations = new DurationCompiler(violations, expressions);
        this.timeouts = new TimeoutCompiler(violations, durations, reusables);
        this.errors = new ErrorCompiler(violations, expressions, reusables);
        this.retries = new RetryCompiler(violations, expressions, durations, reusables);
        this.authentications = new AuthenticationCompiler(violations, expressions, reusables);
        EndpointCompiler endpoints = new EndpointCompiler(violations, expressions, authentications);
        this.addresses = new AddressCompiler(violations, expressions, endpoints, authentications, remote);
        ResourceCompiler resources = new ResourceCompiler(violations, addresses, remote);
        this.schemas = new SchemaCompiler(violations, resources, compiled.schemas());
        this.http = new HttpCallCompiler(violations, expressions, endpoints);
        this.openApi = new OpenApiCallCompiler(violations, expressions, authentications, resources);
        this.mcp = new McpCallCompiler(violations, expressions, durations, endpoints, http);
        this.a2a = new A2aCallCompiler(violations, expressions, endpoints, resources);
        this.grpc = new GrpcCallCompiler(violations, expressions, authentications, resources);
        this.events = new EventTaskCompiler(this);
        this.runs = new RunCompiler(
                violations,
                new ScriptCompiler(violations, expressions, resources),
                new SubflowCompiler(violations, expressions));
        this.asyncApi = new AsyncApiCallCompiler(this, resources);
        this.catalogs = new CatalogCompiler(this, reusables, resources);
        this.streams = new StreamCompiler(this);
        this.calls = new CallCompiler(this, reusables);
        this.extensions = new ExtensionCompiler(this);
        this.composites = new CompositeCompiler(this);
        this.lists = new TaskListCompiler(this);
        this.tasks = new TaskCompiler(this);
    }

    /** Of a document elsewhere, which has nothing of what this one defines under {@code use}. */
    Compilers elsewhere(Violations own) {
        return new Compilers(
                own, new Reusables(own), ExpressionMode.STRICT, remote, new Compiled(), listeners, functions, pending);
    }

    /** What a run compiles when it gets there. Of the compilers here it keeps none. */
    <T> Deferral<T> deferral(
            List<Deferral.Address> addresses, String reference, Function<Compilers, @Nullable T> recipe) {
        return new Deferral<>(
                addresses, mode, reusables.reporting(new Violations(Map.of())), compiled.inside(reference), recipe);
    }

    /** What is compiled so far. */
    Compiled compiled() {
        return compiled;
    }

    AddressCompiler addresses() {
        return addresses;
    }

    /** The tasks that {@code call} names, as far as they are compiled. */
    Map<String, Task> functions() {
        return functions;
    }

    /** Functions elsewhere that are yet to be compiled. */
    PendingFunctions pending() {
        return pending;
    }

    CatalogCompiler catalogs() {
        return catalogs;
    }

    Violations violations() {
        return violations;
    }

    Names names() {
        return names;
    }

    ExpressionCompiler expressions() {
        return expressions;
    }

    DurationCompiler durations() {
        return durations;
    }

    TimeoutCompiler timeouts() {
        return timeouts;
    }

    ErrorCompiler errors() {
        return errors;
    }

    RetryCompiler retries() {
        return retries;
    }

    AuthenticationCompiler authentications() {
        return authentications;
    }

    HttpCallCompiler http() {
        return http;
    }

    OpenApiCallCompiler openApi() {
        return openApi;
    }

    StreamCompiler streams() {
        return streams;
    }

    McpCallCompiler mcp() {
        return mcp;
    }

    A2aCallCompiler a2a() {
        return a2a;
    }

    GrpcCallCompiler grpc() {
        return grpc;
    }

    AsyncApiCallCompiler asyncApi() {
        return asyncApi;
    }

    EventTaskCompiler events() {
        return events;
    }

    RunCompiler runs() {
        return runs;
    }

    CallCompiler calls() {
        return calls;
    }

    ExtensionCompiler extensions() {
        return extensions;
    }

    /** What each {@code listen} of the document takes, by the task's reference. */
    Map<String, Consumption> listeners() {
        return listeners;
    }

    /** What is under {@code input} or {@code output} of the workflow: {@code from} or {@code as}, and {@code schema}. */
    Transformation transformation(@Nullable Fields fields, String name, Set<String> variables) {
        return transformation(fields, name, variables, Set.of());
    }

    /**
     * What is under {@code input}, {@code output} or {@code export} of a task.
     *
     * @param before what is seen where the schema is
     */
    Transformation transformation(@Nullable Fields fields, String name, Set<String> variables, Set<String> before) {
        if (fields == null) {
            return Transformation.NONE;
        }
        Transformation transformation = new Transformation(
                schemas.optional(fields, before), expressions.transformation(fields, name, variables));
        fields.close();
        return transformation;
    }

    CompositeCompiler composites() {
        return composites;
    }

    TaskListCompiler lists() {
        return lists;
    }

    TaskCompiler tasks() {
        return tasks;
    }
}
