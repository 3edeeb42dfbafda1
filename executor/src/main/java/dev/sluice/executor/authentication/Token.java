package dev.sluice.executor.authentication;

import com.nimbusds.jwt.JWTParser;
import dev.sluice.executor.authentication.AuthenticationException.Reason;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.OutboundResponse;
import dev.sluice.shared.problem.SluiceException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * What a token endpoint gave (RFC 6749, section 5).
 *
 * @param value    never logged
 * @param given    when it was
 * @param useUntil when another is to be had: shortly before it expires, since clocks differ and requests take time
 */
record Token(String value, Instant given, Instant useUntil) {

    /** Of a token whose authority does not say how long it holds. */
    private static final Duration UNKNOWN_LIFE = Duration.ofMinutes(1);

    private static final Duration LONGEST_MARGIN = Duration.ofSeconds(30);
    private static final int LONGEST = 16_384;
    private static final long MARGIN_PART = 5;
    private static final long LONGEST_LIFE_SECONDS = Duration.ofDays(1).toSeconds();

    static Token of(OutboundResponse response, Settings settings, Instant now) {
        JsonNode body = body(response);
        String value = body.path("access_token").asString("");
        if (value.isEmpty()) {
            throw new AuthenticationException(
                    response.status() >= 500 || response.status() < 300 ? Reason.AUTHORITY : Reason.REFUSED,
                    "The authority gave no token: status " + response.status() + reason(body) + ".");
        }
        if (value.length() > LONGEST) {
            throw new AuthenticationException(Reason.AUTHORITY, "The authority gave a token that is too long.");
        }
        String type = body.path("token_type").asString("Bearer").toLowerCase(Locale.ROOT);
        if (!type.equals("bearer")) {
            throw new AuthenticationException(Reason.AUTHORITY, "The authority gave a token that is no bearer token.");
        }
        checkIssuer(value, settings.texts("issuers"));
        return new Token(value, now, now.plus(life(body)));
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "Token[" + useUntil + "]";
    }

    private static Duration life(JsonNode body) {
        JsonNode expiry = body.path("expires_in");
        long seconds = expiry.isIntegralNumber() && expiry.canConvertToLong() ? expiry.longValue() : -1;
        Duration life = seconds < 0 ? UNKNOWN_LIFE : Duration.ofSeconds(Math.min(seconds, LONGEST_LIFE_SECONDS));
        Duration part = life.dividedBy(MARGIN_PART);
        return life.minus(part.compareTo(LONGEST_MARGIN) < 0 ? part : LONGEST_MARGIN);
    }

    /** Whoever else could answer in the authority's place gives tokens of its own. */
    private static void checkIssuer(String token, List<String> issuers) {
        if (issuers.isEmpty()) {
            return;
        }
        try {
            String issuer = JWTParser.parse(token).getJWTClaimsSet().getIssuer();
            if (issuers.contains(issuer)) {
                return;
            }
        } catch (ParseException e) {
            throw new AuthenticationException(
                    Reason.REFUSED,
                    "The authority's token does not say by whom it was issued, which 'issuers' asks for.");
        }
        throw new AuthenticationException(Reason.REFUSED, "The authority's token was issued by none of 'issuers'.");
    }

    private static JsonNode body(OutboundResponse response) {
        try {
            return Json.read(response.body());
        } catch (SluiceException e) {
            return Json.object();
        }
    }

    /** One of the codes of section 5.2, which holds nothing secret; what else is there is the authority's own. */
    private static String reason(JsonNode body) {
        String error = body.path("error").asString("");
        return error.matches("[a-z_]{1,40}") ? ", " + error : "";
    }
}
