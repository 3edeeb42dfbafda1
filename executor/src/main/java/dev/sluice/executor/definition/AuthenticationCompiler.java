package dev.sluice.executor.definition;

import dev.sluice.executor.definition.Authentication.Scheme;
import dev.sluice.executor.expression.Expressions;
import dev.sluice.executor.expression.Template;
import dev.sluice.shared.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compiles {@code authentication}, written in place or the name of one in {@code use.authentications}. */
final class AuthenticationCompiler {

    private static final Set<String> SECRETS = Set.of("secrets");
    private static final Set<String> ENCRYPTED = Set.of("https", "wss");
    private static final String COMPONENTS = "authentications";
    private static final Set<String> GRANTS = Set.of(
            "authorization_code",
            "client_credentials",
            "password",
            "refresh_token",
            "urn:ietf:params:oauth:grant-type:token-exchange");
    private static final Set<String> CLIENT_METHODS =
            Set.of("client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "none");
    private static final Set<String> ENCODINGS = Set.of("application/x-www-form-urlencoded", "application/json");

    private final Violations violations;
    private final ExpressionCompiler expressions;
    private final Reusables reusables;

    AuthenticationCompiler(Violations violations, ExpressionCompiler expressions, Reusables reusables) {
        this.violations = violations;
        this.expressions = expressions;
        this.reusables = reusables;
    }

    /** The policy under {@code authentication}, or null when there is none. */
    @Nullable
    Authentication optional(Fields owner, Set<String> variables) {
        Fields policy = owner.object("authentication");
        if (policy == null) {
            return null;
        }
        if (!policy.has("use")) {
            return inline(policy, variables);
        }
        String name = policy.text("use");
        policy.close();
        return name != null && reusables.check(COMPONENTS, name, policy.pointer("use")) ? named(name, variables) : null;
    }

    /** Reports a policy that says nothing at an address without TLS: a certificate is shown where TLS begins. */
    void check(@Nullable Authentication policy, @Nullable String scheme, String pointer) {
        boolean encrypted = scheme == null || ENCRYPTED.contains(scheme.toLowerCase(Locale.ROOT));
        if (policy != null && policy.scheme() == Scheme.CERTIFICATE && !encrypted) {
            violations.report(pointer, "a certificate is shown over TLS alone, and this goes to " + scheme + "://");
        }
    }

    /** Whether the policy under {@code authentication} depends on what only a run has; secrets are there before any. */
    boolean needsRun(JsonNode owner) {
        JsonNode policy = owner.path("authentication");
        String name = policy.path("use").asString("");
        return reads(reusables.names(COMPONENTS).contains(name) ? reusables.get(COMPONENTS, name) : policy);
    }

    private boolean reads(JsonNode value) {
        return value.isString()
                ? Expressions.isExpression(value.stringValue()) && !Expressions.readsOnly(value.stringValue(), SECRETS)
                : value.valueStream().anyMatch(this::reads);
    }

    /** Checks the form of each policy that can be named; its expressions are checked where it is used. */
    void checkReusable() {
        AuthenticationCompiler form = new AuthenticationCompiler(violations, expressions.unreported(), reusables);
        for (String name : reusables.names(COMPONENTS)) {
            var _ = form.named(name, Set.of());
        }
    }

    private @Nullable Authentication named(String name, Set<String> variables) {
        Fields fields = Fields.of(reusables.get(COMPONENTS, name), Reusables.pointer(COMPONENTS, name), violations);
        return inline(fields, variables);
    }

    private @Nullable Authentication inline(Fields policy, Set<String> variables) {
        List<Authentication> given = new ArrayList<>();
        int schemes = 0;
        for (Scheme scheme : Scheme.values()) {
            Fields settings = policy.object(scheme.name().toLowerCase(Locale.ROOT));
            if (settings != null) {
                schemes++;
                Template template =
                        settings.has("use") ? secret(settings) : new Members(inline(scheme, settings, variables));
                settings.close();
                given.add(new Authentication(scheme, template));
            }
        }
        policy.close();
        if (schemes != 1 && policy.present()) {
            violations.report(
                    policy.pointer(), "needs exactly one of basic, bearer, certificate, digest, oauth2, oidc");
        }
        return given.isEmpty() ? null : given.getFirst();
    }

    /** The whole of the settings is in a secret. */
    private Template secret(Fields settings) {
        String name = settings.text("use");
        if (name != null) {
            reusables.checkSecret(name, settings.pointer("use"));
        }
        String wanted = Objects.requireNonNullElse(name, "");
        return (input, arguments) -> {
            JsonNode secrets = arguments.get("secrets");
            return secrets == null ? Json.object() : secrets.path(wanted);
        };
    }

    private Map<String, Template> inline(Scheme scheme, Fields settings, Set<String> variables) {
        return switch (scheme) {
            case BASIC, DIGEST -> texts(settings, variables, "username", "password");
            case BEARER -> texts(settings, variables, "token");
            case CERTIFICATE -> texts(settings, variables, "chain", "key");
            case OAUTH2 -> {
                Map<String, Template> members = oauth(settings, variables);
                nested(settings, "endpoints", members, endpoints -> {
                    Map<String, Template> uris = new LinkedHashMap<>();
                    for (String name : List.of("token", "revocation", "introspection")) {
                        put(uris, name, uri(endpoints, name, variables));
                    }
                    return uris;
                });
                yield members;
            }
            case OIDC -> oauth(settings, variables);
        };
    }

    private Map<String, Template> oauth(Fields settings, Set<String> variables) {
        Map<String, Template> members = new LinkedHashMap<>();
        if (settings.required("authority") != null) {
            put(members, "authority", uri(settings, "authority", variables));
        }
        if (settings.required("grant") != null) {
            put(members, "grant", choice(settings, "grant", GRANTS, variables));
        }
        nested(settings, "client", members, client -> {
            Map<String, Template> texts = texts(client, variables);
            for (String name : List.of("id", "secret", "assertion")) {
                put(texts, name, text(client, name, variables));
            }
            put(texts, "authentication", choice(client, "authentication", CLIENT_METHODS, variables));
            return texts;
        });
        nested(settings, "request", members, request -> {
            Map<String, Template> texts = texts(request, variables);
            put(texts, "encoding", choice(request, "encoding", ENCODINGS, variables));
            return texts;
        });
        for (String name : List.of("issuers", "scopes", "audiences")) {
            put(members, name, list(settings, name, variables));
        }
        for (String name : List.of("username", "password")) {
            put(members, name, text(settings, name, variables));
        }
        for (String name : List.of("subject", "actor")) {
            nested(settings, name, members, token -> texts(token, variables, "token", "type"));
        }
        return members;
    }

    private interface Reader {
        Map<String, Template> read(Fields fields);
    }

    private static void nested(Fields owner, String name, Map<String, Template> members, Reader reader) {
        Fields fields = owner.object(name);
        if (fields != null) {
            members.put(name, new Members(reader.read(fields)));
            fields.close();
        }
    }

    private Map<String, Template> texts(Fields fields, Set<String> variables, String... required) {
        Map<String, Template> texts = new LinkedHashMap<>();
        for (String name : required) {
            if (fields.required(name) != null) {
                put(texts, name, text(fields, name, variables));
            }
        }
        return texts;
    }

    private static void put(Map<String, Template> members, String name, @Nullable Template value) {
        if (value != null) {
            members.put(name, value);
        }
    }

    private @Nullable Template text(Fields fields, String name, Set<String> variables) {
        JsonNode value = fields.get(name);
        return value == null || fields.text(name) == null
                ? null
                : expressions.template(value, fields.pointer(name), variables);
    }

    private @Nullable Template choice(Fields fields, String name, Set<String> words, Set<String> variables) {
        String text = fields.text(name);
        if (text != null && !words.contains(text) && !expressions.isExpression(text, variables)) {
            violations.report(
                    fields.pointer(name),
                    "'" + text + "' is none of " + String.join(", ", words) + Suggestions.didYouMean(text, words));
        }
        return text(fields, name, variables);
    }

    private @Nullable Template uri(Fields fields, String name, Set<String> variables) {
        String text = fields.text(name);
        if (text == null || expressions.isExpression(text, variables)) {
            return text(fields, name, variables);
        }
        try {
            return UriTemplate.parse(text);
        } catch (IllegalArgumentException e) {
            violations.report(fields.pointer(name), Objects.requireNonNullElse(e.getMessage(), ""));
            return null;
        }
    }

    private @Nullable Template list(Fields fields, String name, Set<String> variables) {
        JsonNode value = fields.get(name);
        if (value == null) {
            return null;
        }
        boolean texts = value.isArray() && value.valueStream().allMatch(JsonNode::isString);
        if (!texts) {
            violations.report(fields.pointer(name), "must be a list of strings");
        }
        return expressions.template(value, fields.pointer(name), variables);
    }
}
