package dev.sluice.gateway.key;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.access.Grant;
import dev.sluice.gateway.access.Permission;
import dev.sluice.gateway.access.Role;
import dev.sluice.gateway.request.Fields;
import dev.sluice.gateway.request.JsonAnswer;
import dev.sluice.gateway.request.JsonBody;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.web.Page;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** API keys over HTTP. */
final class KeyHandler {

    private static final Duration DEFAULT_OVERLAP = Duration.ofHours(24);
    private static final Duration MAX_OVERLAP = Duration.ofDays(30);
    private static final int MAX_PERMISSIONS = 100;
    private static final int MAX_NAME = 200;

    private final KeyService service;

    KeyHandler(KeyService service) {
        this.service = service;
    }

    Mono<ServerResponse> create(ServerRequest request) {
        return JsonBody.fields(request.exchange().getRequest())
                .map(KeyHandler::wanted)
                .flatMap(wanted -> service.create(Authenticated.caller(request.exchange()), wanted))
                .flatMap(created -> JsonAnswer.of(HttpStatus.CREATED, created.json()));
    }

    Mono<ServerResponse> list(ServerRequest request) {
        return Mono.fromCallable(() -> Page.of(request))
                .flatMap(page -> service.list(Authenticated.of(request.exchange()), page)
                        .map(keys -> page.document(
                                keys, ApiKey::json, item -> item.id().toString())))
                .flatMap(page -> JsonAnswer.of(HttpStatus.OK, page));
    }

    Mono<ServerResponse> show(ServerRequest request) {
        return Mono.fromCallable(() -> id(request))
                .flatMap(id -> service.find(Authenticated.of(request.exchange()), id))
                .flatMap(key -> JsonAnswer.of(HttpStatus.OK, key.json()));
    }

    Mono<ServerResponse> revoke(ServerRequest request) {
        return Mono.fromCallable(() -> id(request))
                .flatMap(id -> service.revoke(Authenticated.caller(request.exchange()), id))
                .then(Mono.defer(() -> ServerResponse.noContent().build()));
    }

    Mono<ServerResponse> rotate(ServerRequest request) {
        return JsonBody.fields(request.exchange().getRequest())
                .map(KeyHandler::overlap)
                .flatMap(overlap -> service.rotate(Authenticated.caller(request.exchange()), id(request), overlap))
                .flatMap(created -> JsonAnswer.of(HttpStatus.CREATED, created.json()));
    }

    private static KeyService.Wanted wanted(Fields fields) {
        String name = fields.text("name", 1, MAX_NAME);
        Optional<Role> role = fields.optional("role", Role::of, "One of owner, admin, member, viewer is expected.");
        Optional<List<Permission>> permissions =
                fields.optionalList("permissions", MAX_PERMISSIONS, Permission::of, "There is no such permission.");
        Optional<Instant> expiresAt = fields.optional(
                "expiresAt",
                text -> read(text, Instant::parse),
                "An instant such as 2030-01-31T12:00:00Z is expected.");
        if (role.isPresent() && permissions.isPresent()) {
            fields.refuse("permissions", "A key has a role or permissions, not both.");
        }
        fields.finish();
        Optional<Grant> grant =
                role.map(Grant::of).or(() -> permissions.map(Set::copyOf).map(Grant::of));
        return new KeyService.Wanted(name, grant.orElse(null), expiresAt.orElse(null));
    }

    private static Duration overlap(Fields fields) {
        Duration overlap = fields.optional(
                        "overlap", KeyHandler::overlap, "A duration of 0 to 30 days, such as PT24H, is expected.")
                .orElse(DEFAULT_OVERLAP);
        fields.finish();
        return overlap;
    }

    private static Optional<Duration> overlap(String text) {
        return read(text, Duration::parse).filter(length -> !length.isNegative() && length.compareTo(MAX_OVERLAP) <= 0);
    }

    private static <T> Optional<T> read(String text, Function<String, T> parse) {
        try {
            return Optional.of(parse.apply(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static UUID id(ServerRequest request) {
        return Ids.parse(request.pathVariable("id")).orElseThrow(() -> SluiceException.notFound("The API key"));
    }
}
