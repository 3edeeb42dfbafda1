package dev.sluice.gateway.plan;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.request.Fields;
import dev.sluice.gateway.request.JsonAnswer;
import dev.sluice.gateway.request.JsonBody;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Plans and quotas over HTTP. */
final class PlanHandler {

    private static final String NAME_EXPECTED =
            "Up to 63 lower-case letters, digits and dashes are expected, a letter first.";

    private final PlanService service;

    PlanHandler(PlanService service) {
        this.service = service;
    }

    Mono<ServerResponse> list(ServerRequest request) {
        return service.list(caller(request)).flatMap(plans -> JsonAnswer.of(HttpStatus.OK, json(plans)));
    }

    Mono<ServerResponse> put(ServerRequest request) {
        return Mono.fromCallable(() -> name(request))
                .flatMap(
                        name -> JsonBody.fields(request.exchange().getRequest()).map(fields -> plan(name, fields)))
                .flatMap(plan -> service.put(caller(request), plan))
                .flatMap(plan -> JsonAnswer.of(HttpStatus.OK, plan.json()));
    }

    Mono<ServerResponse> delete(ServerRequest request) {
        return service.delete(caller(request), request.pathVariable("name"))
                .then(Mono.defer(() -> ServerResponse.noContent().build()));
    }

    Mono<ServerResponse> showOwn(ServerRequest request) {
        return service.standing(caller(request)).flatMap(PlanHandler::answer);
    }

    Mono<ServerResponse> show(ServerRequest request) {
        return Mono.fromCallable(() -> id(request))
                .flatMap(id -> service.standing(caller(request), id))
                .flatMap(PlanHandler::answer);
    }

    Mono<ServerResponse> set(ServerRequest request) {
        return Mono.fromCallable(() -> id(request))
                .flatMap(id -> service.requireMaySet(caller(request), id)
                        .then(JsonBody.fields(request.exchange().getRequest()))
                        .map(PlanHandler::wanted)
                        .flatMap(wanted ->
                                service.set(caller(request), id, wanted.plan.orElse(null), wanted.exceptions)))
                .flatMap(PlanHandler::answer);
    }

    private static Mono<ServerResponse> answer(Standing standing) {
        return JsonAnswer.of(HttpStatus.OK, standing.json());
    }

    private static Plan plan(String name, Fields fields) {
        Plan plan = Plan.of(name, fields);
        fields.finish();
        return plan;
    }

    private static Wanted wanted(Fields fields) {
        Optional<String> plan =
                fields.optional("plan", text -> Optional.of(text).filter(Plan::isName), NAME_EXPECTED);
        Allowances exceptions =
                fields.optionalObject("exceptions", Allowances::of).orElseGet(() -> new Allowances(Map.of()));
        fields.finish();
        return new Wanted(plan, exceptions);
    }

    private record Wanted(Optional<String> plan, Allowances exceptions) {}

    private static ObjectNode json(List<Plan> plans) {
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        plans.forEach(plan -> items.add(plan.json()));
        return json;
    }

    private static String name(ServerRequest request) {
        String name = request.pathVariable("name");
        if (!Plan.isName(name)) {
            throw new SluiceException(ProblemType.INVALID_REQUEST, "The name of a plan: " + NAME_EXPECTED);
        }
        return name;
    }

    private static OrganizationId id(ServerRequest request) {
        return Ids.parse(request.pathVariable("id"))
                .map(OrganizationId::new)
                .orElseThrow(() -> SluiceException.notFound("The organization"));
    }

    private static Caller caller(ServerRequest request) {
        return Authenticated.caller(request.exchange());
    }
}
