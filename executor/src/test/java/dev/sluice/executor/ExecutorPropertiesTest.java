package dev.sluice.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.executor.expression.Allowance;
import dev.sluice.executor.node.NodeSettings;
import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.PostgresProperties;
import dev.sluice.shared.service.OutboundProperties;
import dev.sluice.shared.service.RedisProperties;
import dev.sluice.shared.service.SecretProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;
import org.springframework.util.unit.DataSize;

final class ExecutorPropertiesTest {

    @Test
    void haveTheseDefaults() {
        Binder nothing = new Binder(new MapConfigurationPropertySource(Map.of()));
        assertThat(bind(nothing)).isEqualTo(defaults(List.of()));
        assertThat(bind(nothing).node().settings()).isEqualTo(new NodeSettings("executor", Duration.ofSeconds(10)));
    }

    @Test
    void haveTheseNames() {
        Map<String, String> values = settings(
                "sluice.executor.max-runs", "300",
                "sluice.executor.min-runs", "20",
                "sluice.executor.max-engine-latency", "9s",
                "sluice.executor.max-runs-per-organization", "30",
                "sluice.executor.max-tries", "4",
                "sluice.executor.max-input", "2KB",
                "sluice.executor.max-document", "3KB",
                "sluice.executor.park-after", "4s",
                "sluice.executor.call-timeout", "5s",
                "sluice.executor.max-response", "6KB",
                "sluice.executor.max-journal", "9KB",
                "sluice.executor.max-connections-per-host", "7",
                "sluice.executor.max-depth", "9",
                "sluice.executor.max-open-sets", "11",
                "sluice.executor.max-set-events", "25",
                "sluice.executor.max-subscriptions", "21",
                "sluice.executor.outbound-allow", "127.0.0.0/8,10.0.0.1:443",
                "sluice.executor.expression.max-steps", "12",
                "sluice.executor.expression.max-memory", "13KB",
                "sluice.executor.expression.max-result", "14KB",
                "sluice.executor.expression.max-depth", "15",
                "sluice.executor.expression.max-nesting", "16",
                "sluice.executor.expression.max-time", "17s",
                "sluice.executor.expression.threads", "18",
                "sluice.executor.expression.max-waiting", "19",
                "sluice.executor.script.max-memory", "20MB",
                "sluice.executor.script.max-output", "21KB",
                "sluice.executor.script.max-time", "22s",
                "sluice.executor.script.threads", "23",
                "sluice.executor.script.max-waiting", "24",
                "sluice.executor.node.name", "seven",
                "sluice.executor.node.lease", "8s");
        assertThat(bind(new Binder(new MapConfigurationPropertySource(values))))
                .isEqualTo(new ExecutorProperties(
                        300,
                        20,
                        Duration.ofSeconds(9),
                        30,
                        4,
                        DataSize.ofKilobytes(2),
                        DataSize.ofKilobytes(3),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        DataSize.ofKilobytes(6),
                        DataSize.ofKilobytes(9),
                        7,
                        9,
                        11,
                        25,
                        21,
                        List.of("127.0.0.0/8", "10.0.0.1:443"),
                        new ExecutorProperties.Expression(
                                12,
                                DataSize.ofKilobytes(13),
                                DataSize.ofKilobytes(14),
                                15,
                                16,
                                Duration.ofSeconds(17),
                                18,
                                19),
                        new ExecutorProperties.Script(
                                DataSize.ofMegabytes(20), DataSize.ofKilobytes(21), Duration.ofSeconds(22), 23, 24),
                        new ExecutorProperties.Node("seven", Duration.ofSeconds(8))));
    }

    /** Whoever says nothing has in the engine what code that says nothing has. */
    @Test
    void sayWhatExpressionsMayUse() {
        assertThat(defaults(List.of()).expression().limits()).isEqualTo(Allowance.LIMITS);
    }

    @Test
    void sayHowLongHistoryIsKept() {
        assertThat(retention(Map.of()).history()).isEqualTo(Duration.ofDays(30));
        assertThat(retention(Map.of("sluice.retention.history", "90d")).history())
                .isEqualTo(Duration.ofDays(90));
        assertThatThrownBy(() -> retention(Map.of("sluice.retention.history", "1d")))
                .isInstanceOf(BindException.class)
                .hasRootCauseMessage("history: PT24H (expected: >= PT48H)");
    }

    @Test
    void refuseWhatIsNoDuration() {
        Map<String, String> values = Map.of("sluice.executor.park-after", "soon");
        assertThatThrownBy(() -> bind(new Binder(new MapConfigurationPropertySource(values))))
                .isInstanceOf(BindException.class);
    }

    @Test
    void comeFromTheEnvironment() {
        StandardEnvironment environment = environment(Map.of(
                "SLUICE_OUTBOUND_ALLOW", "127.0.0.1:9000,10.0.0.0/8",
                "SLUICE_POSTGRES_URL", "postgresql://db:5433/sluice",
                "SLUICE_POSTGRES_MIGRATE_PASSWORD", "m",
                "SLUICE_POSTGRES_API_PASSWORD", "a",
                "SLUICE_POSTGRES_ENGINE_PASSWORD", "e",
                "SLUICE_REDIS_URL", "redis://cache:6380",
                "SLUICE_MASTER_KEY", "master",
                "SLUICE_ASSERTION_KEY", "assertion",
                "SLUICE_EXECUTOR_PORT", "1",
                "SLUICE_EXECUTOR_MANAGEMENT_PORT", "2"));
        Binder binder = Binder.get(environment);
        assertThat(bind(binder)).isEqualTo(defaults(List.of("127.0.0.1:9000", "10.0.0.0/8")));
        assertThat(binder.bindOrCreate("sluice.postgres", PostgresProperties.class)
                        .settings())
                .satisfies(postgres -> {
                    assertThat(postgres.url()).isEqualTo(URI.create("postgresql://db:5433/sluice"));
                    assertThat(postgres.passwords())
                            .isEqualTo(
                                    Map.of(DatabaseRole.MIGRATE, "m", DatabaseRole.API, "a", DatabaseRole.ENGINE, "e"));
                });
        assertThat(binder.bindOrCreate("sluice.redis", RedisProperties.class).url())
                .isEqualTo(URI.create("redis://cache:6380"));
        assertThat(binder.bindOrCreate("sluice", SecretProperties.class))
                .isEqualTo(new SecretProperties(
                        new SecretProperties.Crypto("master"), new SecretProperties.Assertion("assertion")));
        assertThat(environment.getProperty("server.port")).isEqualTo("1");
        assertThat(environment.getProperty("management.server.port")).isEqualTo("2");
    }

    @Test
    void sayHowTheWorldOutsideIsReached() {
        assertThat(outbound(Map.of(
                        "SLUICE_OUTBOUND_CONNECT_TO", "a.example:443=10.0.0.1:8443,b.example:80=10.0.0.2:80",
                        "SLUICE_OUTBOUND_TRUSTED_CERTIFICATES", "/etc/partners.pem")))
                .isEqualTo(new OutboundProperties(
                        List.of("a.example:443=10.0.0.1:8443", "b.example:80=10.0.0.2:80"), "/etc/partners.pem"));
        assertThat(outbound(Map.of())).isEqualTo(new OutboundProperties(List.of(), ""));
    }

    private static OutboundProperties outbound(Map<String, Object> variables) {
        return Binder.get(environment(variables)).bindOrCreate("sluice.outbound", OutboundProperties.class);
    }

    @Test
    void workLocallyWithoutAnEnvironment() {
        StandardEnvironment environment = environment(Map.of());
        Binder binder = Binder.get(environment);
        assertThat(bind(binder)).isEqualTo(defaults(List.of()));
        assertThat(binder.bindOrCreate("sluice.postgres", PostgresProperties.class)
                        .settings()
                        .passwords())
                .isEmpty();
        assertThat(binder.bindOrCreate("sluice.redis", RedisProperties.class).url())
                .isEqualTo(URI.create("redis://127.0.0.1:6379"));
        assertThat(environment.getProperty("server.port")).isEqualTo("8081");
        assertThat(environment.getProperty("management.server.port")).isEqualTo("9081");
    }

    @Test
    void leaveHalfOfTheRunsToOthersUnlessToldOtherwise() {
        assertThat(bind(new Binder(new MapConfigurationPropertySource(Map.of("sluice.executor.max-runs", "9"))))
                        .runsPerOrganization())
                .isEqualTo(4);
        assertThat(bind(new Binder(new MapConfigurationPropertySource(Map.of("sluice.executor.max-runs", "1")))))
                .satisfies(least -> {
                    assertThat(least.runsPerOrganization()).isOne();
                    assertThat(least.limits().minRuns()).isOne();
                });
    }

    /** Names and values in turn. */
    private static Map<String, String> settings(String... pairs) {
        Map<String, String> settings = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            settings.put(pairs[i], pairs[i + 1]);
        }
        return settings;
    }

    private static ExecutorProperties defaults(List<String> outboundAllow) {
        return new ExecutorProperties(
                20_000,
                100,
                Duration.ofMillis(500),
                null,
                10,
                DataSize.ofMegabytes(4),
                DataSize.ofMegabytes(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                DataSize.ofMegabytes(8),
                DataSize.ofMegabytes(64),
                2_000,
                64,
                10_000,
                1_000,
                1_000,
                outboundAllow,
                new ExecutorProperties.Expression(
                        2_000_000,
                        DataSize.ofMegabytes(64),
                        DataSize.ofMegabytes(64),
                        1_228,
                        200,
                        Duration.ofSeconds(30),
                        2,
                        10_000),
                new ExecutorProperties.Script(
                        DataSize.ofMegabytes(64), DataSize.ofMegabytes(1), Duration.ofSeconds(5), 2, 1_000),
                new ExecutorProperties.Node("executor", Duration.ofSeconds(10)));
    }

    private static RetentionProperties retention(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("sluice.retention", RetentionProperties.class);
    }

    private static ExecutorProperties bind(Binder binder) {
        return binder.bindOrCreate("sluice.executor", ExecutorProperties.class);
    }

    /** The application's own file over nothing but these variables. */
    private static StandardEnvironment environment(Map<String, Object> variables) {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .forEach(source -> environment.getPropertySources().remove(source.getName()));
        environment.getPropertySources().addLast(new MapPropertySource("variables", variables));
        try {
            new YamlPropertySourceLoader()
                    .load("application", new ClassPathResource("application.yml"))
                    .forEach(environment.getPropertySources()::addLast);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return environment;
    }
}
