package dev.sluice.executor.definition;

import dev.sluice.executor.definition.ResourceCompiler.Document;
import dev.sluice.executor.expression.Template;
import dev.sluice.shared.json.Json;
import java.net.URI;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Compiles the {@code with} of {@code call: a2a}. An agent's card is a document elsewhere, fetched when the workflow is deployed or
 * when a run gets there; where there is one, {@code server} is only checked, as the reference has it.
 */
final class A2aCallCompiler {

    private static final String CARD = "agentCard";
    private static final String SERVER = "server";

    private final Violations violations;
    private final ExpressionCompiler expressions;
    private final EndpointCompiler endpoints;
    private final ResourceCompiler resources;

    A2aCallCompiler(
            Violations violations,
            ExpressionCompiler expressions,
            EndpointCompiler endpoints,
            ResourceCompiler resources) {
        this.violations = violations;
        this.expressions = expressions;
        this.endpoints = endpoints;
        this.resources = resources;
    }

    /** The call; null while the agent's card has yet to be fetched, and for what is reported. */
    @Nullable
    A2aCall compile(Fields with, Set<String> around) {
        String method = RpcFields.method(with, A2aCall.METHODS, violations);
        boolean described = with.has(CARD);
        if (!described && !with.has(SERVER) && with.present()) {
            violations.report(with.pointer(), "needs 'agentCard' or 'server'");
        }
        Document card = described ? resources.required(with, CARD, around) : null;
        Authentication authentication =
                described ? ofCard(with, around) : endpoints.authentication(with, SERVER, around);
        Set<String> variables = authentication == null ? around : Scope.authenticated(around);
        Template server = with.has(SERVER) ? endpoints.uri(with, SERVER, variables) : null;
        Template parameters = RpcFields.parameters(with, variables, expressions, violations);
        JsonNode literal = with.get("parameters");
        if (literal != null && literal.isObject() && literal.isEmpty()) {
            violations.report(with.pointer("parameters"), "needs a property");
        }
        with.close();
        Template endpoint = described ? agent(card, authentication, with) : server;
        return endpoint == null ? null : new A2aCall(method, endpoint, parameters, authentication);
    }

    /** Who fetches the card says who it is; the agent is told the same. */
    private @Nullable Authentication ofCard(Fields with, Set<String> around) {
        JsonNode card = with.get(CARD);
        return card != null && card.isObject()
                ? endpoints.authentication(Fields.of(card, with.pointer(CARD), violations), "endpoint", around)
                : null;
    }

    private @Nullable Template agent(@Nullable Document card, @Nullable Authentication authentication, Fields with) {
        if (card == null) {
            return null;
        }
        try {
            URI agent = AgentCard.jsonRpc(card.root());
            if (authentication != null && !sameOrigin(agent, card.uri())) {
                violations.report(
                        with.pointer(CARD),
                        "the agent is at " + agent.getAuthority() + ", and credentials for "
                                + card.uri().getAuthority()
                                + " are not sent there; name the agent by 'server' with its own authentication");
            }
            return (input, arguments) -> Json.string(agent.toString());
        } catch (IllegalArgumentException e) {
            violations.report(with.pointer(CARD), "cannot be used: " + Objects.requireNonNullElse(e.getMessage(), ""));
            return null;
        }
    }

    private static boolean sameOrigin(URI one, URI other) {
        return one.getScheme().equalsIgnoreCase(other.getScheme())
                && one.getRawAuthority().equalsIgnoreCase(other.getRawAuthority());
    }
}
