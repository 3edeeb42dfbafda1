package dev.sluice.gateway.cors;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Origins as browsers write them (the Fetch standard's "serializing a request origin"): compared character by character, so
 * {@code null}, other cases, a dot at the end, a port that is the scheme's own, and a name that is not in punycode are others.
 * Immutable.
 */
public final class Origins {

    static final int MOST = 200;
    static final String FORM =
            "An origin as browsers write it is expected: https://app.example, http://localhost:3000, or"
                    + " https://*.example.com for one level below that name; in lower case, names in punycode.";

    private static final int LONGEST = 300;
    private static final String SCHEME_ENDS = "://";
    private static final String ANY = "*.";
    private static final String LABEL = "[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?";
    private static final String NAME = LABEL + "(?:\\." + LABEL + ")*";
    private static final Pattern WRITTEN = Pattern.compile("(https?)://(?:(\\*\\.)" + LABEL + "\\." + NAME + "|" + NAME
            + "|\\[[0-9a-f:.]{2,45}])(?::([1-9][0-9]{0,4}))?");
    private static final Pattern FIRST_LABEL = Pattern.compile(LABEL);

    private final Set<String> exact;

    /** Such as {@code https://.example.com}: what is left of an origin when its first label is taken out. */
    private final Set<String> below;

    private Origins(Set<String> exact, Set<String> below) {
        this.exact = Set.copyOf(exact);
        this.below = Set.copyOf(below);
    }

    /** Origins that each were {@linkplain #read read}. */
    static Origins of(List<String> written) {
        return new Origins(
                written.stream().filter(origin -> !origin.contains(ANY)).collect(Collectors.toSet()),
                written.stream()
                        .filter(origin -> origin.contains(ANY))
                        .map(origin -> origin.replace(ANY, "."))
                        .collect(Collectors.toSet()));
    }

    /** An origin as it is kept, without the port that its scheme has anyway; empty for what is none. */
    static Optional<String> read(String text) {
        Matcher matcher = WRITTEN.matcher(text);
        if (text.length() > LONGEST || !matcher.matches()) {
            return Optional.empty();
        }
        String port = matcher.group(3);
        if (port == null) {
            return Optional.of(text);
        }
        int number = Integer.parseInt(port);
        boolean usual = number == (matcher.group(1).equals("https") ? 443 : 80);
        return number > 65_535
                ? Optional.empty()
                : Optional.of(usual ? text.substring(0, text.length() - port.length() - 1) : text);
    }

    /** Whether an {@code Origin} header names one of them. */
    boolean contain(String origin) {
        if (origin.length() > LONGEST) {
            return false;
        }
        return exact.contains(origin) || (!below.isEmpty() && isBelow(origin));
    }

    private boolean isBelow(String origin) {
        int name = origin.indexOf(SCHEME_ENDS) + SCHEME_ENDS.length();
        int dot = origin.indexOf('.', name);
        return name >= SCHEME_ENDS.length()
                && dot > 0
                && below.contains(origin.substring(0, name) + origin.substring(dot))
                && FIRST_LABEL.matcher(origin.substring(name, dot)).matches();
    }

    /** As they were written, in order. */
    Set<String> written() {
        Set<String> all = new TreeSet<>(exact);
        below.forEach(origin -> all.add(origin.replaceFirst("://\\.", "://*.")));
        return all;
    }
}
