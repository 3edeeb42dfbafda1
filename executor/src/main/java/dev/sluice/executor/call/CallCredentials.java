package dev.sluice.executor.call;

import dev.sluice.executor.authentication.Authenticators;
import dev.sluice.executor.authentication.Authorization;
import dev.sluice.executor.authentication.Credentials;
import dev.sluice.executor.definition.Authentication;
import dev.sluice.executor.definition.Call;
import dev.sluice.executor.engine.Invocation;
import dev.sluice.executor.engine.Scrubber;
import dev.sluice.shared.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** How calls say who makes them, in whichever protocol. Thread-safe. */
public final class CallCredentials {

    private final Authenticators authenticators;

    /** Credentials that these make. */
    public CallCredentials(Authenticators authenticators) {
        this.authenticators = authenticators;
    }

    /** Credentials for one call. Ends with {@code AuthenticationException} and with what its expressions end with. */
    public Mono<Credentials> of(Call call, Invocation invocation) {
        return of(call.authentication(), invocation);
    }

    /** The same by a policy, absent for none. */
    public Mono<Credentials> of(@Nullable Authentication policy, Invocation invocation) {
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

    /** The invocation whose expressions see {@code $authorization}, where the call has one. */
    public static Invocation seeing(Call call, Credentials credentials, Invocation invocation) {
        return seeing(call.authentication(), credentials, invocation);
    }

    /** The same by a policy, absent for none. */
    public static Invocation seeing(@Nullable Authentication policy, Credentials credentials, Invocation invocation) {
        if (policy == null) {
            return invocation;
        }
        JsonNode authorization = credentials
                .authorization()
                .map(CallCredentials::described)
                .orElseGet(() -> Json.object().put("scheme", "Digest"));
        return invocation.seeing("authorization", authorization);
    }

    /** Takes an authorization out of what an upstream gives back: some that are there for tests do so. */
    public static void hide(Authorization authorization, Scrubber scrubber) {
        scrubber.hide(List.of(Json.string(authorization.parameter())));
    }

    private static JsonNode described(Authorization authorization) {
        return Json.object().put("scheme", authorization.scheme()).put("parameter", authorization.parameter());
    }
}
