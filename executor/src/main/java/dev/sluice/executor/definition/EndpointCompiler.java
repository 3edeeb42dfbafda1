package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Expression;
import dev.sluice.executor.expression.ExpressionException;
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
        return expressions.isExpression(uri, variables)
                ? text(expressions.compile(uri, pointer, variables))
                : literal(uri, pointer);
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
            URI sample = template.sample();
            String scheme = sample.getScheme();
            boolean http = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
            if (!http || sample.getRawAuthority() == null) {
                violations.report(pointer, "must be an absolute http or https URI");
            }
            return template;
        } catch (IllegalArgumentException | URISyntaxException e) {
            violations.report(pointer, Objects.requireNonNullElse(e.getMessage(), ""));
            return (input, arguments) -> Json.string(text);
        }
    }
}
