package dev.sluice.executor.call;

import dev.sluice.executor.authentication.Authenticators;
import dev.sluice.executor.authentication.Authorization;
import dev.sluice.executor.authentication.Credentials;
import dev.sluice.executor.definition.Authentication;
import dev.sluice.executor.engine.Invocation;
import dev.sluice.executor.engine.Scrubber;
import dev.sluice.shared.json.Json;
import java.util.List;
import java.util.function.BiFunction;
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

    /**
     * What can be done by somebody who has said who it is. Ends with {@link dev.sluice.executor.engine.CallFailure} for what the
     * workflow should see.
     *
     * @param policy    how to say so, absent for not at all
     * @param evaluated gives what it is done with, from an invocation whose expressions see {@code $authorization} where there is one
     * @param prepared  what can be done with that
     */
    public <R, P> Mono<P> prepare(
            @Nullable Authentication policy,
            Invocation invocation,
            BiFunction<Invocation, Credentials, R> evaluated,
            BiFunction<R, Credentials, P> prepared) {
        Mono<P> whole = of(policy, invocation).flatMap(given -> {
            Invocation seeing = seeing(policy, given, invocation);
            return invocation
                    .evaluations()
                    .of(() -> evaluated.apply(seeing, given))
                    .map(request -> prepared.apply(request, given));
        });
        return CallErrors.failing(whole, invocation.instance());
    }

    /** Credentials by a policy, absent for none. Ends with {@code AuthenticationException} and with what its expressions end with. */
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

    /** The invocation whose expressions see {@code $authorization}, where there is a policy. */
    public static Invocation seeing(@Nullable Authentication policy, Credentials credentials, Invocation invocation) {
        if (policy == null) {
            return invocation;
        }
        JsonNode authorization = credentials
                .authorization()
                .map(CallCredentials::described)
                .orElseGet(() -> Json.object().put("scheme", policy.scheme().word()));
        return invocation.seeing("authorization", authorization);
    }

    /** Takes out of what an upstream gives back what it was asked with. */
    public static Scrubber unechoed(Credentials credentials) {
        Scrubber unechoed = new Scrubber();
        credentials.authorization().ifPresent(authorization -> hide(authorization, unechoed));
        return unechoed;
    }

    /** Takes an authorization out of what an upstream gives back: some that are there for tests do so. */
    public static void hide(Authorization authorization, Scrubber scrubber) {
        scrubber.hide(List.of(Json.string(authorization.parameter())));
    }

    private static JsonNode described(Authorization authorization) {
        return Json.object().put("scheme", authorization.scheme()).put("parameter", authorization.parameter());
    }
}
