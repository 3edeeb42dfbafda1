package dev.sluice.executor;

import dev.sluice.shared.postgres.PostgresProperties;
import dev.sluice.shared.service.OutboundProperties;
import dev.sluice.shared.service.RedisProperties;
import dev.sluice.shared.service.SecretProperties;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/** Starts the executor. */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
@EnableConfigurationProperties({
    OutboundProperties.class,
    PostgresProperties.class,
    RedisProperties.class,
    SecretProperties.class
})
public class ExecutorApplication {

    /** Starts the executor; settings come from the environment. */
    public static void main(String[] args) {
        SpringApplication.run(ExecutorApplication.class, args);
    }
}
