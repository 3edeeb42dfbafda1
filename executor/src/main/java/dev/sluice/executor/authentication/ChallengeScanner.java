package dev.sluice.executor.authentication;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads the digest challenges of a {@code WWW-Authenticate} header (RFC 9110, section 11.6.1), which may have others too. */
final class ChallengeScanner {

    private final String header;
    private int at;

    ChallengeScanner(String header) {
        this.header = header;
    }

    /** The parameters of each, by names in lower case. What is malformed ends the reading. */
    List<Map<String, String>> digests() {
        List<Map<String, String>> digests = new ArrayList<>();
        Map<String, String> current = new HashMap<>();
        while (skip() && at < header.length()) {
            String word = word();
            if (word.isEmpty()) {
                break;
            }
            spaces();
            if (at < header.length() && header.charAt(at) == '=') {
                at++;
                spaces();
                current.put(word.toLowerCase(Locale.ROOT), value());
            } else {
                current = new HashMap<>();
                if (word.equalsIgnoreCase("Digest")) {
                    digests.add(current);
                }
            }
        }
        digests.removeIf(Map::isEmpty);
        return digests;
    }

    private boolean skip() {
        while (at < header.length() && (header.charAt(at) == ',' || Character.isWhitespace(header.charAt(at)))) {
            at++;
        }
        return true;
    }

    private void spaces() {
        while (at < header.length() && Character.isWhitespace(header.charAt(at))) {
            at++;
        }
    }

    private String word() {
        int from = at;
        while (at < header.length() && "=,\" \t".indexOf(header.charAt(at)) < 0) {
            at++;
        }
        return header.substring(from, at);
    }

    private String value() {
        if (at >= header.length() || header.charAt(at) != '"') {
            return word();
        }
        StringBuilder text = new StringBuilder();
        for (at++; at < header.length() && header.charAt(at) != '"'; at++) {
            if (header.charAt(at) == '\\' && at + 1 < header.length()) {
                at++;
            }
            text.append(header.charAt(at));
        }
        at++;
        return text.toString();
    }
}
