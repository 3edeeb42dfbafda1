package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Expression;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.executor.expression.Expressions;
import dev.sluice.executor.expression.Template;
import dev.sluice.shared.json.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compiles where a call goes (DSL reference, "Endpoint"): a URI, or an object of one with an authentication. */
final class EndpointCompiler {

    private final Violations violations;
    private final ExpressionCompiler expressions;
    private final AuthenticationCompiler authentications;

    EndpointCompiler(Violations violations, ExpressionCompiler expressions, AuthenticationCompiler authentications) {
        this.violations = violations;
        this.expressions = expressions;
        this.authentications = authentications;
    }

    /** Gives the URI under a property that must be there. */
    Template uri(Fields owner, String property, Set<String> variables) {
        JsonNode value = owner.required(property);
        String pointer = owner.pointer(property);
        if (value != null && value.isObject()) {
            Fields endpoint = Fields.of(value, pointer, violations);
            endpoint.allow("authentication");
            value = endpoint.required("uri");
            pointer = endpoint.pointer("uri");
            endpoint.close();
        }
        String uri = value == null ? null : Fields.text(value, pointer, violations);
        return uri == null ? (input, arguments) -> Json.string("") : address(uri, pointer, variables);
    }

    /** Gives the URI that a text is, or computes. */
    Template address(String uri, String pointer, Set<String> variables) {
        if (!expressions.isExpression(uri, variables)) {
            return literal(uri, pointer);
        }
        String constant = constant(uri, pointer, violations);
        if (constant != null) {
            check(constant, pointer);
        }
        return text(expressions.compile(uri, pointer, variables));
    }

    /** What an expression for an address always gives; null where a run computes it, and for what is reported since it is no text. */
    static @Nullable String constant(String uri, String pointer, Violations violations) {
        JsonNode value = Expressions.constant(uri).orElse(null);
        if (value != null && !value.isString()) {
            violations.report(pointer, "must be an address, and the expression always gives " + Fields.kind(value));
        }
        return value == null || !value.isString() ? null : value.stringValue();
    }

    /** How whoever calls it says who it is, or null. */
    @Nullable
    Authentication authentication(Fields owner, String property, Set<String> variables) {
        JsonNode endpoint = owner.get(property);
        if (endpoint == null || !endpoint.isObject()) {
            return null;
        }
        String pointer = owner.pointer(property);
        Authentication policy = authentications.optional(Fields.of(endpoint, pointer, violations), variables);
        String address = endpoint.path("uri").asString("");
        if (!expressions.isExpression(address, variables)) {
            sample(address).ifPresent(sample -> authentications.check(policy, sample.getScheme(), pointer));
        }
        return policy;
    }

    /** What an address looks like; what is none is reported elsewhere. */
    private static Optional<URI> sample(String address) {
        try {
            return Optional.of(UriTemplate.parse(address).sample());
        } catch (IllegalArgumentException | URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static Template text(Expression expression) {
        return (input, arguments) -> {
            JsonNode value = expression.evaluate(input, arguments);
            if (!value.isString()) {
                throw new ExpressionException("The endpoint must be a string, not " + Fields.kind(value));
            }
            return value;
        };
    }

    private Template literal(String text, String pointer) {
        try {
            UriTemplate template = UriTemplate.parse(text);
            check(template.sample(), pointer);
            return template;
        } catch (IllegalArgumentException | URISyntaxException e) {
            violations.report(pointer, Objects.requireNonNullElse(e.getMessage(), ""));
            return (input, arguments) -> Json.string(text);
        }
    }

    private void check(String text, String pointer) {
        try {
            check(new URI(text), pointer);
        } catch (URISyntaxException e) {
            violations.report(pointer, "not a valid URI: " + e.getReason());
        }
    }

    private void check(URI uri, String pointer) {
        if (!AddressCompiler.isAddress(uri)) {
            violations.report(pointer, "must be an absolute http or https URI");
        }
    }
}
