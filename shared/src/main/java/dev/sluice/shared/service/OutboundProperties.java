package dev.sluice.shared.service;

import dev.sluice.shared.outbound.AddressPolicy;
import dev.sluice.shared.outbound.ConnectTo;
import dev.sluice.shared.outbound.OutboundAccess;
import dev.sluice.shared.outbound.TrustedCertificates;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How a service reaches the world outside.
 *
 * @param connectTo           {@code host:port=address:port}: what is connected to in place of hosts and ports
 * @param trustedCertificates path of a PEM file with certificates that are trusted besides the platform's; blank for none
 */
@Validated
@ConfigurationProperties("sluice.outbound")
public record OutboundProperties(
        @DefaultValue @NotNull List<String> connectTo,
        @DefaultValue("") @NotNull String trustedCertificates) {

    /**
     * The same, checked, with the private addresses that may be reached. Blocks: it reads the file.
     *
     * @throws IllegalArgumentException naming the first entry, or the file, that is malformed
     */
    public OutboundAccess access(List<String> allow) {
        return new OutboundAccess(
                AddressPolicy.of(allow), ConnectTo.of(connectTo), TrustedCertificates.in(trustedCertificates));
    }
}
