package dev.sluice.executor;

import dev.sluice.executor.authentication.Authenticators;
import dev.sluice.executor.call.asyncapi.ChannelCalls;
import dev.sluice.executor.call.asyncapi.ChannelLimits;
import dev.sluice.executor.call.asyncapi.ForeignRedis;
import dev.sluice.shared.outbound.OutboundSettings;
import dev.sluice.shared.outbound.OutboundWebSockets;
import dev.sluice.shared.service.OutboundProperties;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Channels of other systems, over which workflows publish and to which they subscribe. */
@Configuration(proxyBeanMethods = false)
class ChannelConfiguration {

    private static final int MAX_PUBLISHING = 1_000;
    private static final int MAX_MESSAGE = 1 << 20;

    /** Servers of events say something every so often, if only that they are there. */
    private static final Duration MAX_SILENCE = Duration.ofHours(1);

    @Bean
    OutboundWebSockets outboundWebSockets(ExecutorProperties properties, OutboundProperties outbound) {
        return new OutboundWebSockets(
                OutboundSettings.DEFAULT.withConnectionsPerHost(properties.maxSubscriptions() + MAX_PUBLISHING),
                outbound.access(properties.outboundAllow()));
    }

    @Bean
    ForeignRedis foreignRedis(ExecutorProperties properties, OutboundProperties outbound) {
        return new ForeignRedis(outbound.access(properties.outboundAllow()), properties.callTimeout(), MAX_MESSAGE);
    }

    @Bean
    ChannelCalls channelCalls(
            Authenticators authenticators,
            OutboundWebSockets sockets,
            ForeignRedis redis,
            ExecutorProperties properties) {
        return new ChannelCalls(
                authenticators,
                sockets,
                redis,
                new ChannelLimits(properties.maxSubscriptions(), MAX_PUBLISHING, MAX_MESSAGE, MAX_SILENCE));
    }
}
