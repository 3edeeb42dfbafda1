package dev.sluice.executor.call;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads {@code Link} headers (RFC 8288, section 3). */
final class Links {

    private Links() {}

    /** The target of the first link that has {@code next} among its relation types. */
    static Optional<String> next(List<String> headers) {
        return headers.stream().flatMap(header -> next(header).stream()).findFirst();
    }

    private static Optional<String> next(String header) {
        int at = 0;
        while (true) {
            int open = header.indexOf('<', at);
            int close = open < 0 ? -1 : header.indexOf('>', open);
            if (close < 0) {
                return Optional.empty();
            }
            int end = end(header, close + 1, ',');
            if (isNext(header.substring(close + 1, end))) {
                return Optional.of(header.substring(open + 1, close).strip());
            }
            at = end;
        }
    }

    /** Whether the first {@code rel} among parameters says so; others are to be ignored. */
    private static boolean isNext(String parameters) {
        int at = 0;
        while (at < parameters.length()) {
            int end = end(parameters, at, ';');
            String[] parameter = parameters.substring(at, end).split("=", 2);
            if (parameter.length == 2 && parameter[0].strip().equalsIgnoreCase("rel")) {
                String types = parameter[1].replace('"', ' ').strip().toLowerCase(Locale.ROOT);
                return Arrays.asList(types.split("\\s+")).contains("next");
            }
            at = end + 1;
        }
        return false;
    }

    /** Where the next separator outside of quotes stands, or the end. */
    private static int end(String text, int from, char separator) {
        boolean quoted = false;
        for (int at = from; at < text.length(); at++) {
            char next = text.charAt(at);
            if (next == '"') {
                quoted = !quoted;
            } else if (quoted && next == '\\') {
                at++;
            } else if (!quoted && next == separator) {
                return at;
            }
        }
        return text.length();
    }
}
