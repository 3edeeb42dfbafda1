package dev.sluice.executor;

import dev.sluice.executor.identity.AssertionFilter;
import dev.sluice.shared.assertion.IdentityAssertion;
import dev.sluice.shared.http2.WindowFlush;
import dev.sluice.shared.service.SecretProperties;
import dev.sluice.shared.service.Startup;
import dev.sluice.shared.web.KeepReading;
import dev.sluice.shared.web.ProblemExceptionHandler;
import dev.sluice.shared.web.RequestIdentityFilter;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import java.util.List;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;

/** HTTP, from the socket to the features. */
@Configuration(proxyBeanMethods = false)
class HttpConfiguration {

    /** How many of them a gateway uses is its own setting; unset this would be a hundred. */
    static final int MAX_STREAMS = 10_000;

    /**
     * The filters are put together here and are no beans: the management port, whose context inherits all filter beans,
     * must answer without an assertion.
     */
    @Bean
    HttpHandler httpHandler(ApplicationContext context, SecretProperties secrets, Startup startup, Clock clock) {
        IdentityAssertion assertion = new IdentityAssertion(secrets.assertion().bytes(), clock);
        List<WebFilter> first =
                List.of(new RequestIdentityFilter(), new AssertionFilter(assertion), new StartingFilter(startup::done));
        return WebHttpHandlerBuilder.applicationContext(context)
                .filters(filters -> filters.addAll(0, first))
                .exceptionHandlers(handlers -> handlers.addFirst(new ProblemExceptionHandler()))
                .observationRegistry(ObservationRegistry.NOOP)
                .build();
    }

    /** On the management port too, which inherits it. */
    @Bean
    NettyServerCustomizer goOn() {
        return server -> WindowFlush.on(KeepReading.on(server));
    }

    /** Requests and event streams at once on one connection of a gateway. */
    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> streamsOnAConnection() {
        return factory -> factory.addServerCustomizers(
                server -> server.http2Settings(http2 -> http2.maxConcurrentStreams(MAX_STREAMS)));
    }
}
