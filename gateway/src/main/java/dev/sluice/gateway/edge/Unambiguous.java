package dev.sluice.gateway.edge;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * What two readers of a request may read in two ways is refused, since one of them decides who may do it and another does it:
 * paths that some shorten or decode further (RFC 3986, section 6.2.2), and bodies of which nobody knows the end (RFC 9112,
 * section 6.1).
 */
final class Unambiguous {

    /** Empty and dot segments, parameters of segments, and slashes and control characters that are encoded or turned around. */
    private static final Pattern PATH =
            Pattern.compile("//|;|\\\\|%2f|%5c|%3b|%[01]|%7f|%25|/(?:\\.|%2e){1,2}(?:/|$)", Pattern.CASE_INSENSITIVE);

    private static final String CHUNKED = "chunked";

    private Unambiguous() {}

    /** {@link ProblemType#INVALID_REQUEST} for one that is not; empty for one that is. */
    static Optional<SluiceException> objection(ServerHttpRequest request) {
        String path = request.getURI().getRawPath();
        if (!isPlain(path) && PATH.matcher(path).find()) {
            return Optional.of(new SluiceException(
                    ProblemType.INVALID_REQUEST,
                    "The path has an empty or dot segment, a ';', or an encoded slash or control character."));
        }
        List<String> codings = request.getHeaders().getOrEmpty(HttpHeaders.TRANSFER_ENCODING);
        boolean known = codings.isEmpty() || (codings.size() == 1 && CHUNKED.equalsIgnoreCase(codings.getFirst()));
        return known
                ? Optional.empty()
                : Optional.of(new SluiceException(
                        ProblemType.INVALID_REQUEST, "The only transfer coding that is known here is 'chunked'."));
    }

    /** What nearly all paths are: nothing in them that the pattern would have to be asked about. */
    private static boolean isPlain(String path) {
        char before = 0;
        for (int i = 0; i < path.length(); i++) {
            char character = path.charAt(i);
            if (character == '%'
                    || character == ';'
                    || character == '\\'
                    || (before == '/' && (character == '/' || character == '.'))) {
                return false;
            }
            before = character;
        }
        return true;
    }
}
