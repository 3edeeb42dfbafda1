package dev.sluice.gateway.routing;

import jakarta.validation.constraints.NotNull;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What is passed on to an executor.
 *
 * @param maxBody longest body of a request
 */
@Validated
@ConfigurationProperties("sluice.routing")
public record RoutingSettings(@DefaultValue("4MB") @NotNull DataSize maxBody) {}
