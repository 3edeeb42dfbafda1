package dev.sluice.executor;

import dev.sluice.executor.identity.AssertionFilter;
import dev.sluice.shared.assertion.IdentityAssertion;
import dev.sluice.shared.service.SecretProperties;
import dev.sluice.shared.web.ProblemExceptionHandler;
import dev.sluice.shared.web.RequestIdentityFilter;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import java.util.List;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;

/** HTTP, from the socket to the features. */
@Configuration(proxyBeanMethods = false)
class HttpConfiguration {

    /**
     * The filters are put together here and are no beans: the management port, whose context inherits all filter beans,
     * must answer without an assertion.
     */
    @Bean
    HttpHandler httpHandler(ApplicationContext context, SecretProperties secrets, Clock clock) {
        IdentityAssertion assertion = new IdentityAssertion(secrets.assertion().bytes(), clock);
        List<WebFilter> first = List.of(new RequestIdentityFilter(), new AssertionFilter(assertion));
        return WebHttpHandlerBuilder.applicationContext(context)
                .filters(filters -> filters.addAll(0, first))
                .exceptionHandlers(handlers -> handlers.addFirst(new ProblemExceptionHandler()))
                .observationRegistry(ObservationRegistry.NOOP)
                .build();
    }
}
