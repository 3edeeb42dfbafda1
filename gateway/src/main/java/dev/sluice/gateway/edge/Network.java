package dev.sluice.gateway.edge;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The addresses that begin alike, such as {@code 10.0.0.0/8} and {@code fd00::/8}; one address is a network too. */
final class Network {

    private static final int ANY_PORT = 0;

    private final IpSubnetFilterRule rule;

    private Network(IpSubnetFilterRule rule) {
        this.rule = rule;
    }

    /** From settings; an {@link IllegalArgumentException} for what is none. Names are not looked up. */
    static Network of(String text) {
        int slash = text.indexOf('/');
        @Nullable
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            throw unusable(text);
        }
        int most = address.getAddress().length * Byte.SIZE;
        try {
            int prefix = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
            if (prefix < 0 || prefix > most) {
                throw unusable(text);
            }
            return new Network(new IpSubnetFilterRule(address, prefix, IpFilterRuleType.ACCEPT));
        } catch (NumberFormatException e) {
            throw unusable(text);
        }
    }

    static List<Network> allOf(List<String> texts) {
        return texts.stream().map(Network::of).toList();
    }

    /** Throws what {@link #of} throws for one that is none. */
    static void requireAll(List<String> texts) {
        texts.forEach(text -> {
            Network ignored = of(text);
        });
    }

    static boolean anyHas(List<Network> networks, InetAddress address) {
        return networks.stream().anyMatch(network -> network.rule.matches(new InetSocketAddress(address, ANY_PORT)));
    }

    private static IllegalArgumentException unusable(String text) {
        return new IllegalArgumentException("network: " + text + " (expected: an address, or one with /bits)");
    }
}
