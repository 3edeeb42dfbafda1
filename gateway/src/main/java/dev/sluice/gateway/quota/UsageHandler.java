package dev.sluice.gateway.quota;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.quota.UsageReports.Counted;
import dev.sluice.gateway.request.Fields;
import dev.sluice.gateway.request.JsonAnswer;
import dev.sluice.gateway.request.JsonBody;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reports over HTTP. */
final class UsageHandler {

    private static final int MOST_TOKENS = 1_000_000_000;
    private static final int MAX_KEY = 255;

    private final UsageReports reports;

    UsageHandler(UsageReports reports) {
        this.reports = reports;
    }

    Mono<ServerResponse> report(ServerRequest request) {
        return Mono.fromCallable(() -> key(request))
                .flatMap(key -> JsonBody.fields(request.exchange().getRequest())
                        .map(UsageHandler::tokens)
                        .flatMap(tokens -> reports.report(
                                Authenticated.of(request.exchange()).organization(), tokens, key))
                        .flatMap(counted -> JsonAnswer.of(HttpStatus.OK, json(counted))));
    }

    private static long tokens(Fields fields) {
        int tokens = fields.number("tokens", 1, MOST_TOKENS);
        fields.finish();
        return tokens;
    }

    private static Optional<String> key(ServerRequest request) {
        Optional<String> key = Optional.ofNullable(request.headers().firstHeader("Idempotency-Key"));
        if (key.filter(text -> text.isBlank() || text.length() > MAX_KEY).isPresent()) {
            throw new SluiceException(
                    ProblemType.INVALID_REQUEST, "The Idempotency-Key must have 1 to " + MAX_KEY + " characters.");
        }
        return key;
    }

    private static ObjectNode json(Counted counted) {
        ObjectNode json = Json.object();
        json.put("tokens", counted.report().tokens());
        json.put("repeated", counted.repeated());
        ArrayNode remaining = json.putArray("remaining");
        counted.windows().forEach(window -> {
            ObjectNode one = remaining.addObject();
            one.put("of", window.of());
            one.put("period", window.period().id());
            one.put("remaining", window.remaining(counted.spent()));
            one.put("resetsAt", window.period().end(counted.report().day()).toString());
        });
        return json;
    }
}
