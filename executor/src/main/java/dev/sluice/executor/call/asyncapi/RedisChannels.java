package dev.sluice.executor.call.asyncapi;

import dev.sluice.executor.asyncapi.Endpoint;
import dev.sluice.executor.authentication.Credentials;
import dev.sluice.executor.call.asyncapi.Backlog.OverflowException;
import dev.sluice.executor.call.asyncapi.ForeignRedis.SentException;
import dev.sluice.executor.call.asyncapi.ForeignRedis.WithdrawnException;
import dev.sluice.executor.engine.CallFailure;
import dev.sluice.executor.engine.ErrorType;
import dev.sluice.executor.engine.Invocation;
import dev.sluice.executor.journal.FencedException;
import dev.sluice.shared.outbound.OutboundException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Messages over channels of Redis, and what goes wrong with them. Thread-safe. */
final class RedisChannels {

    private static final int DEFAULT_PORT = 6379;
    private static final int MOST_CAUSES = 10;
    private static final String DEFAULT_USER = "default";

    private final ForeignRedis servers;

    RedisChannels(ForeignRedis servers) {
        this.servers = servers;
    }

    Flux<String> messages(Endpoint endpoint, JsonNode arguments, Credentials credentials, Invocation invocation) {
        return Flux.defer(() -> servers.subscribe(
                        server(endpoint.uri(arguments), credentials, invocation.limit()),
                        endpoint.channel(arguments),
                        invocation.permitted()))
                .onErrorMap(error -> translate(error, invocation.instance()));
    }

    /** Completes when the server has the message, however many hear it. */
    Mono<Void> publish(URI uri, String channel, byte[] message, Credentials credentials, Invocation invocation) {
        return Mono.defer(() -> servers.publish(
                        server(uri, credentials, invocation.limit()),
                        channel,
                        new String(message, StandardCharsets.UTF_8),
                        invocation.permitted()))
                .timeout(invocation.limit())
                .onErrorMap(error -> translate(error, invocation.instance()))
                .then();
    }

    /** The default user says its password alone, which servers that know no others understand too. */
    private static RedisURI server(URI uri, Credentials credentials, Duration timeout) {
        RedisURI.Builder server = RedisURI.builder()
                .withHost(literal(Objects.requireNonNull(uri.getHost())))
                .withPort(uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort())
                .withSsl(uri.getScheme().equals("rediss"))
                .withDatabase(database(uri))
                .withTimeout(timeout);
        credentials.authorization().ifPresent(given -> {
            String pair = new String(Base64.getDecoder().decode(given.parameter()), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            String user = pair.substring(0, colon);
            char[] password = pair.substring(colon + 1).toCharArray();
            if (user.equals(DEFAULT_USER)) {
                server.withPassword(password);
            } else {
                server.withAuthentication(user, password);
            }
        });
        return server.build();
    }

    private static String literal(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static int database(URI uri) {
        String path = Objects.requireNonNullElse(uri.getPath(), "").replace("/", "");
        try {
            return path.isEmpty() ? 0 : Integer.parseInt(path);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("The path of the server is not the number of a database", e);
        }
    }

    private static Throwable translate(Throwable error, String instance) {
        return switch (error) {
            case WithdrawnException withdrawn ->
                new FencedException("the lease ran out before the call at " + instance + " was sent");
            case OverflowException overflow ->
                ChannelErrors.communication(
                        instance,
                        503,
                        "Messages came faster than they were consumed: more than " + Backlog.MOST
                                + " wait (overflow).");
            case SentException sent ->
                new CallFailure(
                        ErrorType.COMMUNICATION.at(
                                instance, 502, "Communication Error", "The server did not say whether it published."),
                        true);
            case TimeoutException late ->
                new CallFailure(ErrorType.TIMEOUT.at(instance, "The server did not answer in time."), true);
            case IllegalArgumentException wrong -> wrong;
            default -> translated(error, instance);
        };
    }

    private static Throwable translated(Throwable error, String instance) {
        OutboundException refused = cause(error, OutboundException.class);
        if (refused != null) {
            return refused;
        }
        RedisCommandExecutionException answered = cause(error, RedisCommandExecutionException.class);
        if (answered == null) {
            String lost = "The server could not be connected to, or the connection was lost.";
            return ChannelErrors.communication(instance, 502, lost);
        }
        String code = Objects.requireNonNullElse(answered.getMessage(), "").split(" ", 2)[0];
        return switch (code) {
            case "NOAUTH", "WRONGPASS" ->
                new CallFailure(ErrorType.AUTHENTICATION.at(instance, "The server does not accept who it is."));
            case "NOPERM" ->
                new CallFailure(ErrorType.AUTHORIZATION.at(instance, "The server does not permit it (NOPERM)."));
            default ->
                ChannelErrors.communication(
                        instance,
                        502,
                        code.matches("[A-Z]{2,20}")
                                ? "The server refused it (" + code + ")."
                                : "The server refused it.");
        };
    }

    private static <T extends Throwable> @Nullable T cause(Throwable error, Class<T> type) {
        Throwable current = error;
        for (int i = 0; current != null && i < MOST_CAUSES; i++) {
            if (type.isInstance(current)) {
                return type.cast(current);
            }
            current = current.getCause();
        }
        return null;
    }
}
