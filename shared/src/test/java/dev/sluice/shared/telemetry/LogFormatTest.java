package dev.sluice.shared.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.mock.env.MockEnvironment;

final class LogFormatTest {

    private final MockEnvironment environment = new MockEnvironment();

    @Test
    void writesJsonUnlessToldOtherwise() {
        process();
        assertThat(environment.getProperty("logging.structured.format.console")).isEqualTo("ecs");
    }

    @Test
    void writesTextWithKeyValuePairs() {
        environment.setProperty("SLUICE_LOG_FORMAT", "text");
        process();
        assertThat(environment.getProperty("logging.structured.format.console")).isNull();
        assertThat(environment.getProperty("logging.pattern.console")).contains("%kvp");
    }

    @Test
    void refusesAnUnknownFormat() {
        environment.setProperty("SLUICE_LOG_FORMAT", "xml");
        assertThatIllegalArgumentException().isThrownBy(this::process).withMessageContaining("json or text");
    }

    @Test
    void isKnownToSpringBoot() {
        assertThat(SpringFactoriesLoader.forDefaultResourceLocation()
                        .load(EnvironmentPostProcessor.class, othersMayFail()))
                .hasAtLeastOneElementOfType(LogFormat.class);
    }

    @Test
    void hidesTheTokenOfAWebhookAddress() {
        assertThat(LoggablePath.of("/hooks/secret")).isEqualTo("/hooks/***");
        assertThat(LoggablePath.of("/v1/runs")).isEqualTo("/v1/runs");
    }

    /** Some of Boot's own need arguments that only Boot gives. */
    private static SpringFactoriesLoader.FailureHandler othersMayFail() {
        return (type, name, failure) -> {};
    }

    private void process() {
        new LogFormat().postProcessEnvironment(environment, new SpringApplication());
    }
}
