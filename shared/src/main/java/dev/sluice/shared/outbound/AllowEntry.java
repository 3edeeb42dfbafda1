package dev.sluice.shared.outbound;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One line of the operator's allow-list: a range of addresses or a name, with a port or (ranges only) without.
 *
 * @param range the addresses, absent for a name
 * @param name  the host name in lower case, absent for a range
 * @param port  the one port, 0 for all
 */
record AllowEntry(@Nullable Cidr range, @Nullable String name, int port) {

    /** Reads {@code host:port}, {@code cidr}, {@code cidr:port}; IPv6 with a port stands in brackets. */
    static AllowEntry parse(String text) {
        String entry = text.strip().toLowerCase(Locale.ROOT);
        int slash = entry.indexOf('/');
        boolean portBehindPrefix = slash >= 0 && entry.indexOf(':', slash) > 0;
        Optional<Cidr> bare = portBehindPrefix ? Optional.empty() : Cidr.parse(unbracketed(entry));
        if (bare.isPresent()) {
            return new AllowEntry(bare.get(), null, 0);
        }
        int colon = entry.lastIndexOf(':');
        if (colon <= 0) {
            throw malformed(text);
        }
        int port = port(entry.substring(colon + 1), text);
        String host = unbracketed(entry.substring(0, colon));
        return Cidr.parse(host)
                .map(range -> new AllowEntry(range, null, port))
                .orElseGet(() -> new AllowEntry(null, name(host, text), port));
    }

    boolean matches(@Nullable String host, byte[] address, int actualPort) {
        boolean target = range != null ? range.contains(address) : host != null && host.equals(name);
        return target && (port == 0 || port == actualPort);
    }

    private static String name(String host, String text) {
        if (!host.matches("[a-z0-9]([a-z0-9._-]*[a-z0-9])?")) {
            throw malformed(text);
        }
        return host;
    }

    private static int port(String digits, String text) {
        if (!digits.matches("[0-9]{1,5}")) {
            throw malformed(text);
        }
        int port = Integer.parseInt(digits);
        if (port < 1 || port > 65535) {
            throw malformed(text);
        }
        return port;
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("sluice.outbound.allow: " + text
                + " (expected: host:port, an address, or a CIDR range with or without :port)");
    }
}
