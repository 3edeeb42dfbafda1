package dev.sluice.executor.definition;

import dev.sluice.executor.definition.ResourceCompiler.Document;
import dev.sluice.executor.description.DescriptionException;
import dev.sluice.executor.description.PendingException;
import dev.sluice.executor.expression.Template;
import dev.sluice.executor.openapi.OpenApiDocument;
import dev.sluice.executor.openapi.Operation;
import dev.sluice.shared.json.Json;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compiles the {@code with} of {@code call: openapi} to the request that the document describes. */
final class OpenApiCallCompiler {

    private final Violations violations;
    private final ExpressionCompiler expressions;
    private final AuthenticationCompiler authentications;
    private final ResourceCompiler resources;

    OpenApiCallCompiler(
            Violations violations,
            ExpressionCompiler expressions,
            AuthenticationCompiler authentications,
            ResourceCompiler resources) {
        this.violations = violations;
        this.expressions = expressions;
        this.authentications = authentications;
        this.resources = resources;
    }

    /** The call; null while its document has yet to be fetched, and for what is reported. */
    @Nullable
    HttpCall compile(Fields with, Set<String> around) {
        Document document = resources.required(with, "document", around);
        String id = with.requiredText("operationId");
        JsonNode parameters = with.get("parameters");
        Authentication authentication = authentications.optional(with, around);
        Set<String> variables = authentication == null ? around : Scope.authenticated(around);
        HttpCall.Output output = with.choice("output", HttpCall.Output.class, HttpCall.Output.CONTENT);
        boolean redirect = Boolean.TRUE.equals(with.bool("redirect"));
        with.close();
        Template arguments = arguments(parameters, with.pointer("parameters"), variables);
        Operation operation = document == null || id == null ? null : operation(document, id, with);
        if (operation == null) {
            return null;
        }
        checkNames(operation, parameters, with);
        authentications.check(authentication, operation.scheme(), with.pointer("authentication"));
        return new HttpCall(
                operation.method(),
                (input, scope) -> operation.request(arguments.evaluate(input, scope)),
                member(Operation.URI),
                member(Operation.HEADERS),
                member(Operation.BODY),
                member(Operation.QUERY),
                authentication,
                output,
                redirect);
    }

    private static Template member(String name) {
        return (request, scope) -> request.path(name);
    }

    private Template arguments(@Nullable JsonNode parameters, String pointer, Set<String> variables) {
        if (parameters == null) {
            return (input, arguments) -> Json.object();
        }
        boolean expression = parameters.isString() && expressions.isExpression(parameters.stringValue(), variables);
        if (!parameters.isObject() && !expression) {
            violations.report(pointer, "must be an object or an expression ${ }, not " + Fields.kind(parameters));
        }
        return expressions.template(parameters, pointer, variables);
    }

    private @Nullable Operation operation(Document document, String id, Fields with) {
        try {
            OpenApiDocument api = OpenApiDocument.of(document.root(), document.uri(), resources.referredBy(document));
            Operation operation = api.operation(id);
            if (operation == null) {
                violations.report(
                        with.pointer("operationId"),
                        "there is no operation '" + id + "' in the document"
                                + violations.didYouMean(id, api.operationIds()));
            }
            return operation;
        } catch (PendingException e) {
            return null;
        } catch (DescriptionException e) {
            violations.report(
                    with.pointer("document"), "cannot be used: " + Objects.requireNonNullElse(e.getMessage(), ""));
            return null;
        }
    }

    private static boolean takesOthers(Operation operation, JsonNode parameters) {
        return operation.takesOthers(Set.copyOf(parameters.propertyNames()));
    }

    private void checkNames(Operation operation, @Nullable JsonNode parameters, Fields with) {
        if (parameters == null || !parameters.isObject()) {
            return;
        }
        boolean others = takesOthers(operation, parameters);
        for (String name : parameters.propertyNames()) {
            if (operation.ignores(name)) {
                violations.report(Pointers.child(with.pointer("parameters"), name), Operation.ignoring(name));
            } else if (!others && !operation.arguments().contains(name)) {
                violations.report(
                        Pointers.child(with.pointer("parameters"), name),
                        "the operation has no parameter '" + name + '\''
                                + violations.didYouMean(name, operation.arguments()));
            }
        }
    }
}
