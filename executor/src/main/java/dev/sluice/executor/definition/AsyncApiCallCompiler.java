package dev.sluice.executor.definition;

import dev.sluice.executor.asyncapi.AsyncApiDocument;
import dev.sluice.executor.asyncapi.Endpoint;
import dev.sluice.executor.asyncapi.Messages;
import dev.sluice.executor.asyncapi.Operation;
import dev.sluice.executor.asyncapi.Protocol;
import dev.sluice.executor.definition.Authentication.Scheme;
import dev.sluice.executor.definition.ResourceCompiler.Document;
import dev.sluice.executor.description.DescriptionException;
import dev.sluice.executor.description.PendingException;
import dev.sluice.executor.expression.Template;
import dev.sluice.shared.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** Compiles the {@code with} of {@code call: asyncapi} to what its document describes (DSL reference, "AsyncAPI Call"). */
final class AsyncApiCallCompiler {

    private static final String PAYLOAD = "payload";
    private static final String HEADERS = "headers";

    private final Compilers compilers;
    private final Violations violations;
    private final ResourceCompiler resources;
    private final SubscriptionCompiler subscriptions;
    private final ServerCompiler servers;

    AsyncApiCallCompiler(Compilers compilers, ResourceCompiler resources) {
        this.compilers = compilers;
        this.violations = compilers.violations();
        this.resources = resources;
        this.subscriptions = new SubscriptionCompiler(compilers);
        this.servers = new ServerCompiler(violations, compilers.expressions());
    }

    /** The task; null while its document has yet to be fetched, and for what is reported. */
    @Nullable
    Task compile(TaskBase base, Fields with, Scope scope, OnUnknown onUnknown) {
        Document document = resources.required(with, "document", scope.call());
        String channel = with.text("channel");
        String operation = with.text("operation");
        Fields message = with.object("message");
        Fields subscription = with.object("subscription");
        exactlyOne(with, "channel", "operation");
        exactlyOne(with, "message", "subscription");
        Authentication authentication = compilers.authentications().optional(with, scope.call());
        Set<String> variables = authentication == null ? scope.call() : Scope.authenticated(scope.call());
        ServerCompiler.Choice choice = servers.compile(with, variables);
        with.close();
        Map<String, Template> members = new LinkedHashMap<>(choice.variables());
        if (message != null) {
            message(message, members, variables);
        }
        SubscriptionCompiler.Consuming consuming =
                subscription == null ? null : subscriptions.compile(subscription, scope);
        String name = operation == null ? channel : operation;
        if (document == null || name == null || (message == null) == (consuming == null)) {
            return null;
        }
        Found found = find(document, name, operation != null, message != null, choice, with);
        if (found == null || !suits(found.endpoint(), authentication, message, with)) {
            return null;
        }
        return consuming == null
                ? new Task.MakeCall(base, publish(found, members, authentication), onUnknown)
                : new Task.Subscribe(
                        base,
                        new ChannelSubscription(
                                found.endpoint(), found.messages(), new Members(members), authentication),
                        consuming.filter(),
                        consuming.lifetime(),
                        consuming.foreach());
    }

    private void exactlyOne(Fields with, String one, String other) {
        if (with.has(one) == with.has(other) && with.present()) {
            violations.report(with.pointer(), "needs exactly one of " + one + ", " + other);
        }
    }

    private void message(Fields message, Map<String, Template> members, Set<String> variables) {
        JsonNode payload = message.get(PAYLOAD);
        if (payload != null) {
            boolean expression =
                    payload.isString() && compilers.expressions().isExpression(payload.stringValue(), variables);
            if (!payload.isObject() && !expression) {
                violations.report(
                        message.pointer(PAYLOAD),
                        "must be an object or an expression ${ }, not " + Fields.kind(payload));
            }
            members.put(PAYLOAD, compilers.expressions().template(payload, message.pointer(PAYLOAD), variables));
        }
        Template headers = compilers.http().map(message, HEADERS, variables);
        if (headers != null) {
            members.put(HEADERS, headers);
        }
        message.close();
    }

    /** An operation, on the server that was chosen. */
    private record Found(Endpoint endpoint, Messages messages) {}

    private @Nullable Found find(
            Document document,
            String name,
            boolean operations,
            boolean publishing,
            ServerCompiler.Choice choice,
            Fields with) {
        String pointer = with.pointer(operations ? "operation" : "channel");
        try {
            AsyncApiDocument api = AsyncApiDocument.of(document.located(), resources.referredBy(document));
            if (api.namesOperations() != operations) {
                violations.report(
                        pointer,
                        operations
                                ? "'operation' is not available in AsyncAPI 2, which the document is; there 'channel' says where"
                                : "'channel' is not available in AsyncAPI 3, which the document is; there 'operation' says what");
                return null;
            }
            Operation operation = api.operation(name, publishing);
            if (operation == null) {
                violations.report(
                        pointer,
                        "there is no " + (operations ? "operation" : "channel") + " '" + name + "' in the document"
                                + Suggestions.didYouMean(name, api.names()));
                return null;
            }
            Endpoint endpoint = servers.endpoint(api, operation, choice, publishing, with);
            return endpoint == null ? null : new Found(endpoint, operation.messages());
        } catch (PendingException e) {
            return null;
        } catch (DescriptionException e) {
            violations.report(
                    with.pointer("document"), "cannot be used: " + Objects.requireNonNullElse(e.getMessage(), ""));
            return null;
        }
    }

    /** Whether a protocol has what the task says. */
    private boolean suits(
            Endpoint endpoint, @Nullable Authentication authentication, @Nullable Fields message, Fields with) {
        Protocol protocol = endpoint.protocol();
        Scheme scheme = authentication == null ? null : authentication.scheme();
        boolean unknown = (protocol == Protocol.WS && scheme == Scheme.DIGEST)
                || (protocol == Protocol.REDIS && scheme != null && scheme != Scheme.BASIC);
        if (unknown) {
            violations.report(
                    with.pointer("authentication"), "this scheme is not available over '" + protocol.word() + "'");
        }
        if (!unknown) {
            compilers.authentications().check(authentication, endpoint.scheme(), with.pointer("authentication"));
        }
        return !unknown && (message == null || protocol == Protocol.HTTP || isPayload(message, protocol));
    }

    /** Whether a message has what it is over a protocol that knows no headers, and nothing else. */
    private boolean isPayload(Fields message, Protocol protocol) {
        if (message.has(HEADERS)) {
            violations.report(message.pointer(HEADERS), "a message over '" + protocol.word() + "' has no headers");
        }
        if (!message.has(PAYLOAD)) {
            violations.report(
                    message.pointer(),
                    "'payload' is missing: a message over '" + protocol.word() + "' is nothing else");
        }
        return message.has(PAYLOAD) && !message.has(HEADERS);
    }

    /** Over HTTP it is a request like all others. */
    private static Call publish(Found found, Map<String, Template> members, @Nullable Authentication authentication) {
        Messages messages = found.messages();
        Endpoint endpoint = found.endpoint();
        Template evaluated = new Members(members);
        Template message = (input, arguments) -> {
            JsonNode given = evaluated.evaluate(input, arguments);
            messages.check(given, endpoint.protocol());
            return given;
        };
        return endpoint.protocol() != Protocol.HTTP
                ? new PublishCall(endpoint, messages, message, authentication)
                : new HttpCall(
                        endpoint.method(),
                        message,
                        (given, arguments) -> Json.string(endpoint.uri(given).toString()),
                        (given, arguments) -> headers(messages, given),
                        (given, arguments) -> given.has(PAYLOAD) ? given.get(PAYLOAD) : MissingNode.getInstance(),
                        null,
                        authentication,
                        HttpCall.Output.CONTENT,
                        false);
    }

    private static JsonNode headers(Messages messages, JsonNode given) {
        ObjectNode headers = Json.object();
        if (given.has(PAYLOAD)) {
            headers.put("Content-Type", messages.contentType());
        }
        JsonNode own = given.path(HEADERS);
        if (!own.isObject() && !own.isMissingNode()) {
            return own;
        }
        own.properties().forEach(header -> headers.set(header.getKey(), header.getValue()));
        return headers;
    }
}
