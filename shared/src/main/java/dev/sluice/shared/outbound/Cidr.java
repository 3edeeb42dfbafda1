package dev.sluice.shared.outbound;

import io.netty.util.NetUtil;
import java.util.Arrays;
import java.util.Optional;

/**
 * A range of addresses.
 *
 * @param network 4 or 16 bytes
 * @param bits    how many leading bits an address has to share with it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never handed out
record Cidr(byte[] network, int bits) {

    Cidr {
        if (bits < 0 || bits > network.length * 8) {
            throw new IllegalArgumentException(
                    "prefix length: " + bits + " (expected: 0 to " + network.length * 8 + ")");
        }
    }

    /** Reads {@code address} or {@code address/bits}; empty when the address is not a literal in its canonical form. */
    static Optional<Cidr> parse(String text) {
        int slash = text.indexOf('/');
        byte[] network = NetUtil.createByteArrayFromIpAddressString(slash < 0 ? text : text.substring(0, slash));
        if (network == null) {
            return Optional.empty();
        }
        return Optional.of(new Cidr(network, slash < 0 ? network.length * 8 : bits(text.substring(slash + 1))));
    }

    static Cidr of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("not an address range: " + text));
    }

    boolean contains(byte[] address) {
        int whole = bits / 8;
        if (address.length != network.length || !Arrays.equals(address, 0, whole, network, 0, whole)) {
            return false;
        }
        int rest = bits % 8;
        int mask = 0xFF00 >> rest & 0xFF;
        return rest == 0 || (address[whole] & mask) == (network[whole] & mask);
    }

    private static int bits(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("prefix length: " + text + " (expected: a number)", e);
        }
    }
}
