package dev.sluice.shared.web;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.util.LinkedHashSet;
import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Answers 405 where a path exists and the method does not; functional routes by themselves answer 404. */
public final class WrongMethod {

    private WrongMethod() {}

    /** Handles what the routes before it did not take. */
    public static HandlerFunction<ServerResponse> allowing(HttpMethod... methods) {
        return request -> Mono.error(() -> of(request.exchange().getResponse(), methods));
    }

    /** The problem, with {@code Allow} put on the response. */
    public static SluiceException of(ServerHttpResponse response, HttpMethod... methods) {
        response.getHeaders().setAllow(new LinkedHashSet<>(List.of(methods)));
        return new SluiceException(ProblemType.METHOD_NOT_ALLOWED, "Use one of the methods named in Allow.");
    }
}
