package dev.sluice.shared.outbound;

import io.netty.handler.ssl.SslContextBuilder;

/**
 * What the operator says about the world outside.
 *
 * @param policy    which addresses may be connected to
 * @param connectTo what is connected to in place of what was asked for; the policy judges that
 * @param trusted   whose certificates are believed
 */
public record OutboundAccess(AddressPolicy policy, ConnectTo connectTo, TrustedCertificates trusted) {

    /** Has clients of other protocols trust them too. */
    public void trust(SslContextBuilder tls) {
        trusted.addTo(tls);
    }

    /** Each host at its own address, and with a certificate that the platform trusts. */
    public static OutboundAccess by(AddressPolicy policy) {
        return new OutboundAccess(policy, ConnectTo.NOTHING_ELSE, TrustedCertificates.PLATFORM);
    }
}
