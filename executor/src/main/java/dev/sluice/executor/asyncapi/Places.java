package dev.sluice.executor.asyncapi;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The <code>{name}</code>s of an address. */
final class Places {

    private static final Pattern PLACE = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]{1,253}");
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    private Places() {}

    static Set<String> names(String template) {
        Set<String> names = new LinkedHashSet<>();
        PLACE.matcher(template).results().map(place -> place.group(1)).forEach(names::add);
        return names;
    }

    /** Each place once: a value may look like one. */
    static String expand(String template, UnaryOperator<String> value) {
        return PLACE.matcher(template)
                .replaceAll((MatchResult place) -> Matcher.quoteReplacement(value.apply(place.group(1))));
    }

    /** A value within the name of a host, where it must not make it another one. */
    static String inHost(String name, String value) {
        if (!HOST.matcher(value).matches()) {
            throw new IllegalArgumentException("The server's variable '" + name + "' is not part of a host's name");
        }
        return value;
    }

    /** An address with query parameters, which it may have some of already. */
    static String withQuery(String address, Map<String, String> parameters) {
        StringBuilder whole = new StringBuilder(address);
        parameters.forEach((name, value) -> whole.append(whole.indexOf("?") < 0 ? '?' : '&')
                .append(encoded(name))
                .append('=')
                .append(encoded(value)));
        return whole.toString();
    }

    /** A value within a path, where it is one segment or part of one. */
    static String inPath(String name, String value) {
        if (value.equals(".") || value.equals("..")) {
            throw new IllegalArgumentException("The value of '" + name + "' leads elsewhere");
        }
        return encoded(value);
    }

    private static String encoded(String value) {
        StringBuilder encoded = new StringBuilder();
        for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
            if (UNRESERVED.indexOf(octet) >= 0) {
                encoded.append((char) octet);
            } else {
                encoded.append('%').append(String.format("%02X", octet));
            }
        }
        return encoded.toString();
    }
}
