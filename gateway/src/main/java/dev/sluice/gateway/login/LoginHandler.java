package dev.sluice.gateway.login;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.login.LoginStore.Link;
import dev.sluice.gateway.person.Email;
import dev.sluice.gateway.request.JsonAnswer;
import dev.sluice.gateway.request.JsonBody;
import dev.sluice.gateway.session.Client;
import dev.sluice.gateway.session.SessionCookie;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Logins by providers over HTTP. */
final class LoginHandler {

    /** The only place where anybody goes after a login. */
    private static final URI PAGE = URI.create("/");

    private static final int MAX_TOKEN = 100;
    private static final int MAX_CODE = 4000;
    private static final Pattern ERROR = Pattern.compile("[a-z_]{1,40}");

    private final ProviderLogins logins;
    private final AccountLogins account;
    private final FlowCookie flows;
    private final SessionCookie sessions;
    private final LoginLinks links;

    LoginHandler(
            ProviderLogins logins, AccountLogins account, FlowCookie flows, SessionCookie sessions, LoginLinks links) {
        this.logins = logins;
        this.account = account;
        this.flows = flows;
        this.sessions = sessions;
        this.links = links;
    }

    /** The ways in that there are, for a page that offers them. */
    Mono<ServerResponse> providers(ServerRequest request) {
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        logins.all().forEach(each -> items.addObject().put("id", each.id()).put("name", each.displayName()));
        return JsonAnswer.of(HttpStatus.OK, json.put("links", links.areMailed()));
    }

    /** The same answer, as fast, whether or not anybody has the address. */
    Mono<ServerResponse> sendLink(ServerRequest request) {
        return JsonBody.fields(request.exchange().getRequest()).flatMap(fields -> {
            Email email = Email.required(fields);
            fields.finish();
            links.send(email);
            return ServerResponse.accepted().build();
        });
    }

    Mono<ServerResponse> begin(ServerRequest request) {
        return JsonBody.fields(request.exchange().getRequest())
                .flatMap(fields -> {
                    Optional<String> invitation = fields.optionalText("invitation", 1, MAX_TOKEN);
                    fields.finish();
                    return logins.begin(request.pathVariable("provider"), invitation.orElse(null));
                })
                .flatMap(begun -> flows.of(begun.flow(), ProviderLogins.PATIENCE)
                        .flatMap(cookie -> {
                            request.exchange().getResponse().addCookie(cookie);
                            return JsonAnswer.of(HttpStatus.OK, Json.object().put("url", begun.address()));
                        }));
    }

    /** What a provider sends a browser back with. It is looked at only in the browser that has begun this login. */
    Mono<ServerResponse> callback(ServerRequest request) {
        return flows.read(request.exchange().getRequest())
                .map(flow -> flow.filter(begun ->
                                logins.end(begun, request.pathVariable("provider"), parameter(request, "state")))
                        .orElseThrow(LoginHandler::notBegun))
                .flatMap(flow -> {
                    request.exchange().getResponse().addCookie(flows.none());
                    return logins.finish(
                            flow, answer(request), Client.of(request.exchange().getRequest()));
                })
                .flatMap(entry -> switch (entry) {
                    case ProviderLogins.Entry.In(String session) ->
                        toPage(PAGE).cookie(sessions.of(session)).build();
                    case ProviderLogins.Entry.Code(String token) ->
                        toPage(URI.create("/#login=" + token + "&code")).build();
                });
    }

    Mono<ServerResponse> list(ServerRequest request) {
        return account.list(Authenticated.caller(request.exchange())).flatMap(links -> {
            ObjectNode json = Json.object();
            ArrayNode items = json.putArray("items");
            links.forEach(link -> items.add(json(link)));
            return JsonAnswer.of(HttpStatus.OK, json);
        });
    }

    Mono<ServerResponse> remove(ServerRequest request) {
        return Mono.fromCallable(() ->
                        Ids.parse(request.pathVariable("id")).orElseThrow(() -> SluiceException.notFound("The login")))
                .flatMap(id -> account.remove(Authenticated.caller(request.exchange()), id))
                .then(Mono.defer(() -> ServerResponse.noContent().build()));
    }

    private static ObjectNode json(Link link) {
        return Json.object()
                .put("id", link.id().toString())
                .put("provider", link.provider())
                .put("issuer", link.issuer())
                .put("account", link.account())
                .put("createdAt", link.createdAt().toString());
    }

    private static LoginProvider.Answer answer(ServerRequest request) {
        String error = parameter(request, "error");
        if (!error.isEmpty()) {
            String shown = ERROR.matcher(error).matches() ? error : "an error";
            throw new SluiceException(ProblemType.FORBIDDEN, "The provider did not let you in: " + shown + ".");
        }
        String code = parameter(request, "code");
        if (code.isEmpty() || code.length() > MAX_CODE) {
            throw new SluiceException(ProblemType.INVALID_REQUEST, "The provider's answer has no code; begin again.");
        }
        String issuer = parameter(request, "iss");
        return new LoginProvider.Answer(code, issuer.isEmpty() ? null : issuer);
    }

    /** Two of a name are as good as none. */
    private static String parameter(ServerRequest request, String name) {
        List<String> values = request.queryParams().getOrDefault(name, List.of());
        String value = values.size() == 1 ? values.getFirst() : null;
        return value == null ? "" : value;
    }

    private static ServerResponse.BodyBuilder toPage(URI page) {
        return ServerResponse.status(HttpStatus.SEE_OTHER)
                .location(page)
                .header("Cache-Control", "no-store")
                .header("Referrer-Policy", "no-referrer");
    }

    private static SluiceException notBegun() {
        return new SluiceException(
                ProblemType.INVALID_REQUEST,
                "This login was not begun in this browser, is over, or began too long ago; begin again.");
    }
}
