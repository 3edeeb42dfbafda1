package dev.sluice.executor.call;

import dev.sluice.executor.authentication.AuthenticationException;
import dev.sluice.executor.engine.CallFailure;
import dev.sluice.executor.engine.DslError;
import dev.sluice.executor.engine.ErrorType;
import dev.sluice.executor.engine.UnknownSecretException;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.executor.journal.FencedException;
import dev.sluice.executor.schema.InvalidValueException;
import dev.sluice.shared.outbound.OutboundException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What a workflow sees when an exchange came to nothing. */
public final class CallErrors {

    private CallErrors() {}

    /** The same, whose failures are {@link CallFailure}s wherever the workflow should see them. */
    public static <T> Mono<T> failing(Mono<T> call, String instance) {
        return call.onErrorMap(error -> translated(error, instance));
    }

    /** The same of what comes one after the other. */
    public static <T> Flux<T> failing(Flux<T> call, String instance) {
        return call.onErrorMap(error -> translated(error, instance));
    }

    /** What the workflow should see as a {@link CallFailure}, and all else as it is. */
    static Throwable translated(Throwable error, String instance) {
        return switch (error) {
            case OutboundException e -> translate(e, instance);
            case AuthenticationException e -> translate(e, instance);
            case ExpressionException e -> failure(ErrorType.EXPRESSION, instance, e.detail());
            case InvalidValueException e -> failure(ErrorType.VALIDATION, instance, e.getMessage());
            case UnknownSecretException e -> failure(ErrorType.AUTHORIZATION, instance, e.getMessage());
            case IllegalArgumentException e -> failure(ErrorType.CONFIGURATION, instance, e.getMessage());
            default -> error;
        };
    }

    private static CallFailure failure(ErrorType type, String instance, @Nullable String detail) {
        return new CallFailure(type.at(instance, detail));
    }

    /**
     * What the engine makes of it. A call that this node may not make any more is none of the workflow's business: it is
     * another node's now.
     */
    static Throwable translate(OutboundException e, String instance) {
        return e.kind() == OutboundException.Kind.WITHDRAWN
                ? new FencedException("the lease ran out before the call at " + instance + " was sent")
                : failure(e, instance);
    }

    /** A call that could not say who makes it was not made. */
    static CallFailure translate(AuthenticationException e, String instance) {
        String detail = e.getMessage();
        return new CallFailure(
                switch (e.reason()) {
                    case CONFIGURATION -> ErrorType.CONFIGURATION.at(instance, detail);
                    case REFUSED -> ErrorType.AUTHENTICATION.at(instance, detail);
                    case AUTHORITY -> ErrorType.COMMUNICATION.at(instance, 502, "Communication Error", detail);
                });
    }

    /** A failure whose outcome is unknown when the request went out and no answer can be relied on. */
    static CallFailure failure(OutboundException e, String instance) {
        boolean unanswered = switch (e.kind()) {
            case TIMEOUT, RESET, MALFORMED -> true;
            case REFUSED_ADDRESS, UNRESOLVED, CONNECT, IDENTITY, TOO_LARGE, CAPACITY, WITHDRAWN -> false;
        };
        return new CallFailure(of(e, instance), unanswered && e.sent());
    }

    private static DslError of(OutboundException e, String instance) {
        return switch (e.kind()) {
            case TIMEOUT -> ErrorType.TIMEOUT.at(instance, "The upstream did not answer in time.");
            case REFUSED_ADDRESS ->
                ErrorType.AUTHORIZATION.at(
                        instance, "The operator's policy does not let workflows reach this address.");
            case UNRESOLVED -> communication(instance, 502, "The host name has no address.");
            case CONNECT -> communication(instance, 502, "The upstream could not be connected to.");
            case IDENTITY -> ErrorType.AUTHENTICATION.at(instance, e.getMessage());
            case RESET -> communication(instance, 502, "The connection was lost before the response was complete.");
            case MALFORMED -> communication(instance, 502, "The upstream's response is not HTTP.");
            case TOO_LARGE -> communication(instance, 502, "The upstream's response is larger than allowed.");
            case CAPACITY -> communication(instance, 503, e.getMessage());
            case WITHDRAWN -> communication(instance, 503, "This node may not make the call any more.");
        };
    }

    private static DslError communication(String instance, int status, @Nullable String detail) {
        return ErrorType.COMMUNICATION.at(instance, status, "Communication Error", detail);
    }
}
