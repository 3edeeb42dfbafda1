package dev.sluice.shared.outbound;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hosts and ports whose connections are made to another address, as by curl's {@code --connect-to}: what is asked for there, the
 * name in TLS and the Host header, stays as it was. Immutable.
 */
public final class ConnectTo {

    /** Every connection is made to the address that was asked for. */
    public static final ConnectTo NOTHING_ELSE = new ConnectTo(Map.of());

    private static final String PLACE = "(\\[[0-9a-f:.]+]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?):([0-9]{1,5})";
    private static final Pattern ENTRY = Pattern.compile(PLACE + "=" + PLACE);
    private static final int LAST_PORT = 65535;

    /** Literals are resolved, names are not and equal whatever their case. */
    private final Map<InetSocketAddress, InetSocketAddress> targets;

    private ConnectTo(Map<InetSocketAddress, InetSocketAddress> targets) {
        this.targets = Map.copyOf(targets);
    }

    /**
     * What the operator says.
     *
     * @param entries each {@code host:port=address:port}; the address may be a name, which is looked up, and IPv6 is in
     *     brackets. Blank entries are skipped.
     * @throws IllegalArgumentException naming the first entry that is malformed, or of a host and port that came before
     */
    public static ConnectTo of(List<String> entries) {
        Map<InetSocketAddress, InetSocketAddress> targets = new HashMap<>();
        for (String entry : entries) {
            if (entry.isBlank()) {
                continue;
            }
            Matcher matcher = ENTRY.matcher(entry.strip().toLowerCase(Locale.ROOT));
            if (!matcher.matches()) {
                throw malformed(entry, "host:port=address:port");
            }
            InetSocketAddress from = place(matcher.group(1), matcher.group(2), entry);
            InetSocketAddress to = place(matcher.group(3), matcher.group(4), entry);
            if (targets.putIfAbsent(from, to) != null) {
                throw malformed(entry, "each host:port once");
            }
        }
        return new ConnectTo(targets);
    }

    /** Where to connect for what was asked for: itself unless an entry names it. */
    InetSocketAddress target(InetSocketAddress asked) {
        return targets.isEmpty() ? asked : targets.getOrDefault(canonical(asked), asked);
    }

    private static InetSocketAddress canonical(InetSocketAddress asked) {
        String name = asked.getHostString();
        return asked.isUnresolved() && name.endsWith(".")
                ? InetSocketAddress.createUnresolved(name.substring(0, name.length() - 1), asked.getPort())
                : asked;
    }

    private static InetSocketAddress place(String host, String digits, String entry) {
        int port = Integer.parseInt(digits);
        if (port < 1 || port > LAST_PORT) {
            throw malformed(entry, "ports from 1 to " + LAST_PORT);
        }
        boolean bracketed = host.startsWith("[");
        byte[] address =
                NetUtil.createByteArrayFromIpAddressString(bracketed ? host.substring(1, host.length() - 1) : host);
        if (address == null) {
            if (bracketed) {
                throw malformed(entry, "an IPv6 address in brackets");
            }
            return InetSocketAddress.createUnresolved(host, port);
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // of 4 or 16 bytes there is one
        }
    }

    private static IllegalArgumentException malformed(String entry, String expected) {
        return new IllegalArgumentException(
                "sluice.outbound.connect-to: " + entry.strip() + " (expected: " + expected + ")");
    }
}
