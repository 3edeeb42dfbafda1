package dev.sluice.shared.outbound;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses workflows may reach: public ones, and those the operator names. Loopback, link-local, private, shared
 * (CGNAT), documentation, benchmark, multicast and reserved ranges are refused (IANA's special-purpose registries, RFC
 * 6890), so are cloud metadata services, 6to4 and Teredo; an IPv4 address inside an IPv6 one (mapped, NAT64) is judged
 * as IPv4. Immutable.
 */
public final class AddressPolicy {

    private static final List<Cidr> REFUSED_V4 = ranges(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "168.63.129.16/32", // Azure's metadata and DNS, the only one outside the special-purpose ranges
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4");
    private static final Cidr GLOBAL_UNICAST_V6 = Cidr.of("2000::/3");
    private static final List<Cidr> REFUSED_V6 = ranges("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");
    private static final List<Cidr> V4_INSIDE_V6 = ranges("::ffff:0:0/96", "64:ff9b::/96");

    private final List<AllowEntry> allowed;

    private AddressPolicy(List<AllowEntry> allowed) {
        this.allowed = allowed;
    }

    /**
     * The policy with the operator's exceptions.
     *
     * @param allow each {@code host:port}, an address, or a CIDR range with or without {@code :port}; IPv6 with a port
     *     in brackets. A name allows whatever address it has. Blank entries are skipped.
     * @throws IllegalArgumentException naming the first malformed entry
     */
    public static AddressPolicy of(List<String> allow) {
        return new AddressPolicy(allow.stream()
                .filter(entry -> !entry.isBlank())
                .map(AllowEntry::parse)
                .toList());
    }

    /** Whether a connection to this address may be made. */
    public boolean permits(InetAddress address, int port) {
        return permits(null, address, port);
    }

    /**
     * Whether a connection to this address may be made.
     *
     * @param host the name that was resolved to the address, absent for a literal
     */
    public boolean permits(@Nullable String host, InetAddress address, int port) {
        byte[] bytes = innermost(address.getAddress());
        String name = host == null ? null : canonical(host);
        return isPublic(bytes) || allowed.stream().anyMatch(entry -> entry.matches(name, bytes, port));
    }

    private static boolean isPublic(byte[] address) {
        if (address.length == 4) {
            return REFUSED_V4.stream().noneMatch(range -> range.contains(address));
        }
        return GLOBAL_UNICAST_V6.contains(address) && REFUSED_V6.stream().noneMatch(range -> range.contains(address));
    }

    private static byte[] innermost(byte[] address) {
        boolean wrapped = V4_INSIDE_V6.stream().anyMatch(range -> range.contains(address));
        return wrapped ? Arrays.copyOfRange(address, 12, 16) : address;
    }

    private static String canonical(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static List<Cidr> ranges(String... texts) {
        return Stream.of(texts).map(Cidr::of).toList();
    }
}
