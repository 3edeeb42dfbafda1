package dev.sluice.executor;

import dev.sluice.executor.authentication.Authenticators;
import dev.sluice.executor.call.HttpCalls;
import dev.sluice.executor.call.StreamCalls;
import dev.sluice.executor.call.a2a.A2aCalls;
import dev.sluice.executor.call.asyncapi.ChannelCalls;
import dev.sluice.executor.call.grpc.GrpcCalls;
import dev.sluice.executor.call.mcp.McpCalls;
import dev.sluice.executor.definition.A2aCall;
import dev.sluice.executor.definition.GrpcCall;
import dev.sluice.executor.definition.HttpCall;
import dev.sluice.executor.definition.McpCall;
import dev.sluice.executor.definition.PublishCall;
import dev.sluice.executor.definition.Script;
import dev.sluice.executor.deployment.DocumentReader;
import dev.sluice.executor.engine.Caller;
import dev.sluice.executor.engine.Streamer;
import dev.sluice.executor.javascript.Sandbox;
import dev.sluice.executor.script.ScriptCalls;
import dev.sluice.executor.script.ScriptThreads;
import dev.sluice.executor.secret.Secrets;
import dev.sluice.shared.outbound.OutboundClient;
import dev.sluice.shared.outbound.OutboundSettings;
import dev.sluice.shared.service.OutboundProperties;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What goes out to other systems: the calls of workflows, and requests for what they need. */
@Configuration(proxyBeanMethods = false)
class CallConfiguration {

    @Bean
    OutboundClient outboundClient(ExecutorProperties properties, OutboundProperties outbound) {
        return new OutboundClient(
                OutboundSettings.DEFAULT
                        .withExchanges(properties.maxCalls())
                        .withConnectionsPerHost(properties.maxConnectionsPerHost()),
                outbound.access(properties.outboundAllow()));
    }

    @Bean
    Authenticators authenticators(OutboundClient client, Clock clock) {
        return new Authenticators(client, clock);
    }

    @Bean
    HttpCalls httpCalls(Authenticators authenticators, ExecutorProperties properties) {
        return new HttpCalls(authenticators, (int) properties.maxResponse().toBytes());
    }

    @Bean(destroyMethod = "dispose")
    ScriptThreads scriptThreads(ExecutorProperties properties) {
        ExecutorProperties.Script bounds = properties.script();
        return new ScriptThreads(new Sandbox(bounds.limits()), bounds.threads(), bounds.maxWaiting());
    }

    @Bean
    Streamer streamer(Authenticators authenticators, ExecutorProperties properties) {
        return new StreamCalls(authenticators, properties.maxSubscriptions(), (int)
                properties.maxResponse().toBytes());
    }

    @Bean
    McpCalls mcpCalls(OutboundClient client, Authenticators authenticators, ExecutorProperties properties) {
        return new McpCalls(
                client, authenticators, (int) properties.maxResponse().toBytes());
    }

    @Bean
    A2aCalls a2aCalls(OutboundClient client, Authenticators authenticators, ExecutorProperties properties) {
        return new A2aCalls(
                client, authenticators, (int) properties.maxResponse().toBytes());
    }

    @Bean
    GrpcCalls grpcCalls(Authenticators authenticators, ExecutorProperties properties) {
        return new GrpcCalls(authenticators, (int) properties.maxResponse().toBytes());
    }

    @Bean
    ScriptCalls scriptCalls(ScriptThreads threads) {
        return new ScriptCalls(threads);
    }

    @Bean
    Caller caller(
            HttpCalls https,
            GrpcCalls grpcs,
            McpCalls mcps,
            A2aCalls a2as,
            ScriptCalls scripts,
            ChannelCalls channels) {
        return (call, invocation) -> switch (call) {
            case HttpCall http -> https.prepare(http, invocation);
            case GrpcCall grpc -> grpcs.prepare(grpc, invocation);
            case McpCall mcp -> mcps.prepare(mcp, invocation);
            case A2aCall a2a -> a2as.prepare(a2a, invocation);
            case Script script -> scripts.prepare(script, invocation);
            case PublishCall message -> channels.prepare(message, invocation);
        };
    }

    @Bean
    DocumentReader documentReader(Authenticators authenticators, Secrets secrets) {
        return new DocumentReader(authenticators, secrets);
    }
}
