package dev.sluice.executor.call;

import dev.sluice.executor.authentication.AuthenticationException;
import dev.sluice.executor.authentication.Authenticators;
import dev.sluice.executor.authentication.Authorization;
import dev.sluice.executor.authentication.Credentials;
import dev.sluice.executor.definition.Authentication;
import dev.sluice.executor.definition.HttpCall;
import dev.sluice.executor.engine.CallFailure;
import dev.sluice.executor.engine.ErrorType;
import dev.sluice.executor.engine.HttpCaller;
import dev.sluice.executor.engine.Invocation;
import dev.sluice.executor.engine.Scrubber;
import dev.sluice.executor.engine.UnknownSecretException;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.OutboundException;
import dev.sluice.shared.outbound.OutboundRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Makes the calls of {@code call: http} tasks through the one outbound client. Thread-safe. */
public final class HttpCalls implements HttpCaller {

    private final Authenticators authenticators;
    private final int maxResponseBytes;

    /** Calls whose responses may have up to so many bytes. */
    public HttpCalls(Authenticators authenticators, int maxResponseBytes) {
        this.authenticators = authenticators;
        this.maxResponseBytes = maxResponseBytes;
    }

    @Override
    public Mono<Prepared> prepare(HttpCall call, Invocation invocation) {
        return failing(
                credentials(call, invocation).flatMap(credentials -> prepare(call, credentials, invocation)),
                invocation.instance());
    }

    private Mono<Prepared> prepare(HttpCall call, Credentials credentials, Invocation invocation) {
        Authorization authorization = credentials.authorization().orElse(null);
        Invocation seeing = call.authentication() == null
                ? invocation
                : invocation.seeing(
                        "authorization",
                        authorization == null ? Json.object().put("scheme", "Digest") : described(authorization));
        return invocation
                .evaluations()
                .of(() -> Requests.of(call, seeing, authorization, maxResponseBytes))
                .map(request -> () -> exchange(call, request, credentials, invocation));
    }

    private Mono<Credentials> credentials(HttpCall call, Invocation invocation) {
        Authentication policy = call.authentication();
        if (policy == null) {
            return Mono.just(Credentials.NONE);
        }
        return invocation
                .evaluations()
                .of(() -> policy.settings().evaluate(invocation.input(), invocation.scope()))
                .flatMap(settings -> {
                    Mono<Credentials> credentials =
                            authenticators.credentials(invocation.organization(), policy.scheme(), settings);
                    return Authenticators.isLocal(policy.scheme())
                            ? credentials
                            : invocation.evaluations().with(credentials);
                });
    }

    private Mono<JsonNode> exchange(
            HttpCall call, OutboundRequest request, Credentials credentials, Invocation invocation) {
        String instance = invocation.instance();
        Scrubber unechoed = new Scrubber();
        credentials.authorization().ifPresent(authorization -> hide(authorization, unechoed));
        return failing(
                Mono.defer(() -> authenticators.exchange(
                                request,
                                credentials,
                                invocation.permitted(),
                                authorization -> hide(authorization, unechoed)))
                        // Upstreams that are there for tests give back what they were sent.
                        .map(response -> unechoed.scrub(Responses.output(call, request, response, instance))),
                instance);
    }

    private static void hide(Authorization authorization, Scrubber scrubber) {
        scrubber.hide(List.of(Json.string(authorization.parameter())));
    }

    private static JsonNode described(Authorization authorization) {
        return Json.object().put("scheme", authorization.scheme()).put("parameter", authorization.parameter());
    }

    private static <T> Mono<T> failing(Mono<T> mono, String instance) {
        return mono.onErrorMap(error -> translated(error, instance));
    }

    private static Throwable translated(Throwable error, String instance) {
        return switch (error) {
            case OutboundException e -> CallErrors.translate(e, instance);
            case AuthenticationException e -> CallErrors.translate(e, instance);
            case ExpressionException e -> failure(ErrorType.EXPRESSION, instance, e.detail());
            case UnknownSecretException e -> failure(ErrorType.AUTHORIZATION, instance, e.getMessage());
            case IllegalArgumentException e -> failure(ErrorType.CONFIGURATION, instance, e.getMessage());
            default -> error;
        };
    }

    private static CallFailure failure(ErrorType type, String instance, @Nullable String detail) {
        return new CallFailure(type.at(instance, detail));
    }
}
