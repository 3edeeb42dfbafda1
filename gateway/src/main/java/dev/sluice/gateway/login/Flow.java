package dev.sluice.gateway.login;

import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A login that was begun in a browser, which keeps it.
 *
 * @param state      that the provider gives back: the answer is to this login, in this browser
 * @param nonce      that is in the ID token: the token is too
 * @param verifier   that nobody else has who might get hold of the code (RFC 7636)
 * @param invitation that is accepted with it
 */
record Flow(
        String provider,
        String state,
        String nonce,
        String verifier,
        @Nullable String invitation,
        Instant expiresAt) {

    /** Whether an answer of a provider is to this login, and not too late. */
    boolean isOf(String answering, String answered, Instant now) {
        return provider.equals(answering)
                && MessageDigest.isEqual(
                        state.getBytes(StandardCharsets.UTF_8), answered.getBytes(StandardCharsets.UTF_8))
                && now.isBefore(expiresAt);
    }

    /** What the provider is sent in place of the verifier (S256). */
    String challenge() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Ids.sha256().digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    }

    byte[] bytes() {
        ObjectNode json = Json.object();
        json.put("provider", provider);
        json.put("state", state);
        json.put("nonce", nonce);
        json.put("verifier", verifier);
        json.put("invitation", invitation);
        json.put("expiresAt", expiresAt.toEpochMilli());
        return Json.bytes(json);
    }

    /** One that {@link #bytes} wrote. */
    static Flow of(byte[] bytes) {
        JsonNode json = Json.trusted(bytes);
        return new Flow(
                json.path("provider").stringValue(),
                json.path("state").stringValue(),
                json.path("nonce").stringValue(),
                json.path("verifier").stringValue(),
                json.path("invitation").isString() ? json.path("invitation").stringValue() : null,
                Instant.ofEpochMilli(json.path("expiresAt").longValue()));
    }

    /** Without what is secret. */
    @Override
    public String toString() {
        return "Flow[" + provider + ", " + expiresAt + "]";
    }
}
