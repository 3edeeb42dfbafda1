package dev.sluice.executor.authentication;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.sluice.executor.authentication.AuthenticationException.Reason;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.OutboundClient;
import dev.sluice.shared.outbound.OutboundException;
import dev.sluice.shared.outbound.OutboundRequest;
import dev.sluice.shared.outbound.OutboundResponse;
import dev.sluice.shared.problem.SluiceException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;
import tools.jackson.databind.JsonNode;

/**
 * Tokens that authorities gave: each is asked for once and used until shortly before it expires; who wants it meanwhile
 * waits for the same request, however many they are. Of one node; at most {@value #MOST_CHARACTERS} characters of them. Thread-safe.
 */
final class Tokens {

    private static final int MOST = 1_000;
    private static final int MOST_CHARACTERS = 8 << 20;
    private static final Duration DISCOVERY_LIFE = Duration.ofMinutes(10);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int LONGEST_DISCOVERY = 256 << 10;
    private static final String DISCOVERY = "/.well-known/openid-configuration";

    private final OutboundClient client;
    private final Clock clock;
    /** What failed goes at once; as the failure of a future it would be told in the log each time. */
    private final AsyncCache<String, Signal<Token>> tokens;

    private final AsyncCache<URI, URI> endpoints;

    Tokens(OutboundClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
        Ticker ticker = () -> Math.multiplyExact(clock.millis(), 1_000_000L);
        this.tokens = Caffeine.newBuilder()
                .maximumWeight(MOST_CHARACTERS)
                .weigher((String key, Signal<Token> token) -> length(token))
                .ticker(ticker)
                .executor(Runnable::run)
                .expireAfter(Expiry.<String, Signal<Token>>creating((key, token) -> life(token)))
                .buildAsync();
        this.endpoints = Caffeine.newBuilder()
                .maximumSize(MOST)
                .ticker(ticker)
                .executor(Runnable::run)
                .expireAfterWrite(DISCOVERY_LIFE)
                .buildAsync();
    }

    /** The same for the same settings of the same organization, and says nothing about them. */
    static String key(String organization, JsonNode settings) {
        byte[] text = Json.bytes(Json.object().put("of", organization).set("settings", settings));
        return HexFormat.of().formatHex(Ids.sha256().digest(text));
    }

    /** The token for settings, which were given under this key. Cancelling leaves the request to the others. */
    Mono<Token> get(String key, Settings settings, boolean discovered) {
        return Mono.defer(() -> {
            CompletableFuture<Signal<Token>> token = tokens.get(
                    key, (_, _) -> request(settings, discovered).materialize().toFuture());
            return Mono.fromFuture(token, true)
                    .<Token>dematerialize()
                    .doOnError(error -> tokens.asMap().remove(key, token));
        });
    }

    /** Whoever asks next gets another, unless that has happened already. */
    void forget(String key, Token token) {
        tokens.synchronous().asMap().computeIfPresent(key, (same, kept) -> token.equals(kept.get()) ? null : kept);
    }

    private static int length(Signal<Token> token) {
        Token given = token.get();
        return given == null ? 0 : given.value().length();
    }

    private Duration life(Signal<Token> token) {
        Token given = token.get();
        return given == null ? Duration.ZERO : Duration.between(clock.instant(), given.useUntil());
    }

    private Mono<Token> request(Settings settings, boolean discovered) {
        return Mono.defer(() -> discovered ? discover(settings.uri("authority")) : Mono.just(endpoint(settings)))
                .map(endpoint -> TokenRequest.of(settings, endpoint, clock, LIMIT))
                .flatMap(this::exchange)
                .map(response -> Token.of(response, settings, clock.instant()));
    }

    private static URI endpoint(Settings settings) {
        return settings.in("endpoints").below(settings.uri("authority"), "token", "/oauth2/token");
    }

    private Mono<URI> discover(URI authority) {
        return Mono.fromFuture(
                () -> endpoints.get(
                        authority, (_, _) -> configuration(authority).toFuture()),
                true);
    }

    /** The token endpoint that an issuer names (OpenID Connect Discovery 1.0, section 4). */
    private Mono<URI> configuration(URI authority) {
        String text = authority.toString();
        String place = text.endsWith(DISCOVERY) ? text : text.replaceAll("/+$", "") + DISCOVERY;
        Map<String, String> headers = Map.of("Accept", "application/json");
        return exchange(new OutboundRequest("GET", URI.create(place), headers, null, LIMIT, LONGEST_DISCOVERY))
                .map(Tokens::tokenEndpoint);
    }

    private static URI tokenEndpoint(OutboundResponse response) {
        if (response.status() != 200) {
            throw new AuthenticationException(
                    Reason.AUTHORITY, "The authority's configuration answers with status " + response.status() + ".");
        }
        try {
            return Settings.of(Json.read(response.body())).uri("token_endpoint");
        } catch (SluiceException | AuthenticationException e) {
            throw new AuthenticationException(
                    Reason.AUTHORITY, "The authority's configuration does not say where it gives tokens.");
        }
    }

    private Mono<OutboundResponse> exchange(OutboundRequest request) {
        return client.exchange(request)
                .onErrorMap(
                        OutboundException.class,
                        e -> new AuthenticationException(
                                Reason.AUTHORITY,
                                "The authority cannot be asked: "
                                        + e.kind()
                                                .name()
                                                .toLowerCase(Locale.ROOT)
                                                .replace('_', ' ') + "."));
    }
}
