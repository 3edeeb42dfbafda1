package dev.sluice.gateway.masking;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.request.Fields;
import dev.sluice.gateway.request.JsonAnswer;
import dev.sluice.gateway.request.JsonBody;
import dev.sluice.shared.masking.Masking;
import dev.sluice.shared.masking.MaskingRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The rules of the caller's organization over HTTP. */
final class MaskingHandler {

    private static final String FIELDS = "fields";

    private final MaskingService service;

    MaskingHandler(MaskingService service) {
        this.service = service;
    }

    Mono<ServerResponse> show(ServerRequest request) {
        return service.find(Authenticated.of(request.exchange()).organization()).flatMap(MaskingHandler::shown);
    }

    Mono<ServerResponse> put(ServerRequest request) {
        Caller caller = Authenticated.caller(request.exchange());
        return JsonBody.fields(request.exchange().getRequest())
                .map(MaskingHandler::read)
                .flatMap(masking -> service.put(caller, masking))
                .flatMap(MaskingHandler::shown);
    }

    private static Masking read(Fields fields) {
        Map<String, String> ways = fields.optionalTexts(FIELDS, Masking.MOST_RULES, MaskingHandler::objection);
        if (ways.keySet().stream().filter(MaskingHandler::isOfAny).count() > Masking.MOST_OF_ANY) {
            fields.refuse(FIELDS, "At most " + Masking.MOST_OF_ANY + " fields that end in * are expected.");
        }
        fields.finish();
        return Masking.of(ways.entrySet().stream()
                .map(each -> new MaskingRule(
                        each.getKey(), MaskingRule.Way.of(each.getValue()).orElseThrow()))
                .toList());
    }

    private static boolean isOfAny(String field) {
        return MaskingRule.isField(field) && new MaskingRule(field, MaskingRule.Way.HIDDEN).isOfAny();
    }

    private static Optional<String> objection(String field, String way) {
        if (!MaskingRule.isField(field)) {
            return Optional.of(MaskingRule.FORM);
        }
        return MaskingRule.Way.of(way).isPresent() ? Optional.empty() : Optional.of(expected());
    }

    private static String expected() {
        List<String> ids = List.of(MaskingRule.Way.values()).stream()
                .map(MaskingRule.Way::id)
                .toList();
        return "One of " + String.join(", ", ids) + " is expected.";
    }

    private static Mono<ServerResponse> shown(Masking masking) {
        return JsonAnswer.of(HttpStatus.OK, masking.write());
    }
}
