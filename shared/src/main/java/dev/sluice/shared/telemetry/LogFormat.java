package dev.sluice.shared.telemetry;

import java.util.Locale;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Turns {@code SLUICE_LOG_FORMAT} into Spring Boot's logging properties before logging starts: {@code json} (the
 * default; one Elastic Common Schema object per line) or {@code text} (lines for people, with the key-value pairs of
 * the event behind the message). Explicit {@code logging.*} properties win. Any other value stops the start.
 */
public final class LogFormat implements EnvironmentPostProcessor {

    private static final String PROPERTY = "sluice.log.format";
    private static final String TEXT_PATTERN =
            "%clr(%d{HH:mm:ss.SSS}){faint} %clr(%5p) %clr(%-32.32logger{31}){cyan} %clr(:){faint} %m %clr(%kvp){faint}%n%wEx";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        String format = environment.getProperty("SLUICE_LOG_FORMAT", environment.getProperty(PROPERTY, "json"));
        environment.getPropertySources().addLast(new MapPropertySource("sluiceLogFormat", properties(format)));
    }

    private static Map<String, Object> properties(String format) {
        return switch (format.toLowerCase(Locale.ROOT)) {
            case "json" -> Map.of("logging.structured.format.console", "ecs");
            case "text" -> Map.of("logging.pattern.console", TEXT_PATTERN);
            default -> throw new IllegalArgumentException("SLUICE_LOG_FORMAT: " + format + " (expected: json or text)");
        };
    }
}
