package dev.sluice.executor.authentication;

import dev.sluice.executor.authentication.AuthenticationException.Reason;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.outbound.OutboundRequest;
import dev.sluice.shared.outbound.OutboundResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A user's name and password, proven without being sent (RFC 7616). Of a server's challenges the strongest that is known
 * counts; a nonce is used once, which costs each call a request.
 */
record DigestCredentials(String user, String password) implements Credentials {

    private static final List<String> ALGORITHMS = List.of("SHA-512-256", "SHA-256", "MD5");
    private static final int LONGEST_HEADER = 8_000;
    private static final String SESSION = "-sess";

    @Override
    public Optional<Authorization> authorization() {
        return Optional.empty();
    }

    @Override
    public Mono<Authorization> challenged(OutboundRequest request, OutboundResponse response) {
        return Mono.fromSupplier(() -> {
            Map<String, String> challenge = strongest(response.headers().getOrDefault("www-authenticate", List.of()));
            return new Authorization(
                    "Digest", answer(challenge, request, Ids.next().toString()));
        });
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "DigestCredentials[" + user + "]";
    }

    /** The parameters of the answer to a challenge; of the qualities of protection there is {@code auth}. */
    String answer(Map<String, String> challenge, OutboundRequest request, String cnonce) {
        String named = challenge.getOrDefault("algorithm", "MD5");
        MessageDigest digest = digest(named);
        String realm = challenge.getOrDefault("realm", "");
        String nonce = challenge.getOrDefault("nonce", "");
        String uri = target(request.uri());
        String qualities = challenge.get("qop");
        boolean quality = qualities != null;
        if (qualities != null
                && Stream.of(qualities.split(",")).map(String::strip).noneMatch("auth"::equals)) {
            throw new AuthenticationException(
                    Reason.REFUSED, "The server asks for a digest of the body, which is not supported.");
        }
        String secret = hash(digest, user + ':' + realm + ':' + password);
        if (named.toLowerCase(Locale.ROOT).endsWith(SESSION)) {
            secret = hash(digest, secret + ':' + nonce + ':' + cnonce);
        }
        String action = hash(digest, request.method() + ':' + uri);
        String proof = hash(
                digest,
                quality
                        ? secret + ':' + nonce + ":00000001:" + cnonce + ":auth:" + action
                        : secret + ':' + nonce + ':' + action);
        StringBuilder text = new StringBuilder("username=" + quoted(user))
                .append(", realm=")
                .append(quoted(realm))
                .append(", nonce=")
                .append(quoted(nonce))
                .append(", uri=")
                .append(quoted(uri))
                .append(", response=")
                .append(quoted(proof))
                .append(", algorithm=")
                .append(named);
        if (quality) {
            text.append(", qop=auth, nc=00000001, cnonce=").append(quoted(cnonce));
        }
        if (challenge.containsKey("opaque")) {
            text.append(", opaque=").append(quoted(challenge.get("opaque")));
        }
        return text.toString();
    }

    /** Of all challenges in all headers; a header may hold several, and other schemes among them. */
    private static Map<String, String> strongest(List<String> headers) {
        return headers.stream()
                .flatMap(header -> challenges(header).stream())
                .filter(challenge -> rank(challenge) >= 0)
                .min((one, other) -> Integer.compare(rank(one), rank(other)))
                .orElseThrow(() -> new AuthenticationException(
                        Reason.REFUSED, "The server asks for no digest authentication that is known here."));
    }

    private static List<Map<String, String>> challenges(String header) {
        return header.length() > LONGEST_HEADER ? List.of() : new ChallengeScanner(header).digests();
    }

    private static int rank(Map<String, String> challenge) {
        return ALGORITHMS.indexOf(plain(challenge.getOrDefault("algorithm", "MD5")));
    }

    private static String plain(String algorithm) {
        String upper = algorithm.toUpperCase(Locale.ROOT);
        return upper.endsWith(SESSION.toUpperCase(Locale.ROOT))
                ? upper.substring(0, upper.length() - SESSION.length())
                : upper;
    }

    private static MessageDigest digest(String algorithm) {
        String plain = plain(algorithm);
        try {
            return MessageDigest.getInstance(plain.equals("SHA-512-256") ? "SHA-512/256" : plain);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has " + plain, e);
        }
    }

    private static String hash(MessageDigest digest, String text) {
        return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String target(URI uri) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + '?' + uri.getRawQuery();
    }

    private static String quoted(@Nullable String text) {
        return '"' + Objects.requireNonNullElse(text, "").replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
