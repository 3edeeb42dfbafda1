package dev.sluice.shared.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressPolicyTest {

    private static final AddressPolicy STRICT = AddressPolicy.of(List.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "10.255.255.255",
                "100.64.0.1",
                "100.100.100.200",
                "127.0.0.1",
                "127.255.0.1",
                "168.63.129.16",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.192",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.0.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.9",
                "224.0.0.1",
                "239.1.1.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::7f00:1",
                "fe80::1",
                "fec0::1",
                "fc00::1",
                "fd00:ec2::254",
                "ff02::1",
                "100::1",
                "64:ff9b::7f00:1",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b:1::1",
                "2001::1",
                "2001:db8::1",
                "2002:7f00:1::",
                "2002:a9fe:a9fe::1",
                "3fff::1",
                "4000::1"
            })
    void refusesWhatIsNotPublic(String address) throws Exception {
        assertThat(STRICT.permits(literal(address), 443)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.1",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "192.169.0.0",
                "223.255.255.255",
                "2606:4700:4700::1111",
                "2a00:1450::1",
                "64:ff9b::101:101"
            })
    void permitsPublicAddressesUpToTheEdgesOfTheRanges(String address) throws Exception {
        assertThat(STRICT.permits(literal(address), 443)).isTrue();
    }

    @Test
    void judgesAMappedAddressAsTheOneInside() throws Exception {
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xFF;
        mapped[11] = (byte) 0xFF;
        mapped[12] = 127;
        mapped[15] = 1;
        InetAddress address = Inet6Address.getByAddress(null, mapped, -1);
        assertThat(STRICT.permits(address, 80)).isFalse();
        assertThat(AddressPolicy.of(List.of("127.0.0.1")).permits(address, 80)).isTrue();
    }

    @Test
    void allowsARangeOnOnePortOrOnAll() throws Exception {
        AddressPolicy policy =
                AddressPolicy.of(List.of("10.1.0.0/16:8080", "fd00::/8", "[::1]:9000", " ", "127.0.0.1:7"));
        assertThat(policy.permits(literal("10.1.2.3"), 8080)).isTrue();
        assertThat(policy.permits(literal("10.1.2.3"), 8081)).isFalse();
        assertThat(policy.permits(literal("10.2.2.3"), 8080)).isFalse();
        assertThat(policy.permits(literal("fd12::1"), 1)).isTrue();
        assertThat(policy.permits(literal("::1"), 9000)).isTrue();
        assertThat(policy.permits(literal("::1"), 9001)).isFalse();
        assertThat(policy.permits(literal("127.0.0.1"), 7)).isTrue();
    }

    @Test
    void allowsANameOnItsPortWhateverItsAddress() throws Exception {
        AddressPolicy policy = AddressPolicy.of(List.of("Simulator.local:9000"));
        assertThat(policy.permits("simulator.LOCAL.", literal("127.0.0.1"), 9000))
                .isTrue();
        assertThat(policy.permits("simulator.local", literal("127.0.0.1"), 9001))
                .isFalse();
        assertThat(policy.permits("other.local", literal("127.0.0.1"), 9000)).isFalse();
        assertThat(policy.permits(literal("127.0.0.1"), 9000)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host",
                "host:",
                "host:0",
                "host:70000",
                "host:x",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/x",
                ":80",
                "a b:80",
                "::1/129",
                "http://a:80",
                "*:80"
            })
    void refusesAMalformedEntry(String entry) {
        assertThatIllegalArgumentException().isThrownBy(() -> AddressPolicy.of(List.of(entry)));
    }

    private static InetAddress literal(String text) throws UnknownHostException {
        return InetAddress.getByAddress(NetUtil.createByteArrayFromIpAddressString(text));
    }
}
