package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.admission.AdmissionSettings;
import dev.sluice.gateway.admission.Rate;
import dev.sluice.gateway.admission.RouteRate;
import dev.sluice.gateway.deletion.DeletionSettings;
import dev.sluice.gateway.edge.EdgeSettings;
import dev.sluice.gateway.executor.ExecutorSettings;
import dev.sluice.gateway.http2.Http2Limits;
import dev.sluice.gateway.identity.IdentitySettings;
import dev.sluice.gateway.ingress.IngressSettings;
import dev.sluice.gateway.login.ProviderSettings;
import dev.sluice.gateway.lookup.LookupSettings;
import dev.sluice.gateway.mail.MailSettings;
import dev.sluice.gateway.quota.QuotaSettings;
import dev.sluice.gateway.routing.RoutingSettings;
import dev.sluice.gateway.session.SessionSettings;
import dev.sluice.gateway.token.IssuerSettings;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

final class SettingsTest {

    private static final LookupSettings LOOKUP = new LookupSettings(
            50_000, 50_000, Duration.ofSeconds(30), Duration.ofMinutes(15), Duration.ofSeconds(3), 4, 1000);

    @Test
    void haveTheseDefaults() {
        Rate rate = new Rate(5000, 10_000);
        assertThat(bind("sluice.admission", AdmissionSettings.class, Map.of()))
                .isEqualTo(new AdmissionSettings(rate, rate, rate, 1, 30, 5000, List.of(), 100_000));
        assertThat(bind("sluice.quota", QuotaSettings.class, Map.of())).isEqualTo(new QuotaSettings(100_000));
        assertThat(bind("sluice.edge", EdgeSettings.class, Map.of()))
                .isEqualTo(new EdgeSettings(
                        20_000,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30),
                        List.of(),
                        EdgeSettings.ForwardedHeader.X_FORWARDED_FOR,
                        List.of(),
                        new Http2Limits(250, 20_000, DataSize.ofKilobytes(64), 200, 1000, Duration.ofMinutes(10))));
        assertThat(bind("sluice.identity", IdentitySettings.class, Map.of()))
                .isEqualTo(new IdentitySettings(
                        "",
                        LOOKUP,
                        new SessionSettings(Duration.ofDays(7), Duration.ofHours(24), true, LOOKUP),
                        List.of(),
                        List.of()));
        assertThat(bind("sluice.deletion", DeletionSettings.class, Map.of()))
                .isEqualTo(new DeletionSettings(Duration.ofDays(7)));
        assertThat(bind("sluice.mail", MailSettings.class, Map.of()))
                .isEqualTo(new MailSettings("", 587, MailSettings.Tls.STARTTLS, "", "", ""));
        assertThat(bind("sluice.routing", RoutingSettings.class, Map.of()))
                .isEqualTo(new RoutingSettings(
                        DataSize.ofMegabytes(4),
                        List.of(),
                        500,
                        1000,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(15),
                        DataSize.ofMegabytes(16),
                        LOOKUP));
        assertThat(bind("sluice.executor", ExecutorSettings.class, Map.of()))
                .isEqualTo(new ExecutorSettings(
                        List.of(URI.create("http://127.0.0.1:8081")),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(75),
                        4,
                        16,
                        1000,
                        1000,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(5)));
        assertThat(bind("sluice.ingress", IngressSettings.class, Map.of()))
                .isEqualTo(new IngressSettings(
                        URI.create("http://127.0.0.1:8080"),
                        DataSize.ofMegabytes(1),
                        DataSize.ofMegabytes(64),
                        20_000,
                        Duration.ofSeconds(2),
                        3,
                        Duration.ofDays(30),
                        LOOKUP));
        assertThat(bind("sluice.ingress.commit", CommitProperties.class, Map.of()))
                .isEqualTo(new CommitProperties(
                        4,
                        2000,
                        DataSize.ofMegabytes(64),
                        256,
                        DataSize.ofMegabytes(8),
                        Duration.ZERO,
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10)));
    }

    @Test
    void haveTheseNames() {
        Map<String, String> values = Map.of(
                "sluice.admission.key.rate", "1.5",
                "sluice.admission.key.burst", "2",
                "sluice.admission.organization.burst", "3",
                "sluice.admission.max-exchanges", "5",
                "sluice.admission.routes[0].route", "POST /v1/workflows",
                "sluice.admission.routes[0].rate", "10",
                "sluice.admission.routes[0].burst", "20",
                "sluice.admission.max-callers", "4");
        assertThat(bind("sluice.admission", AdmissionSettings.class, values))
                .isEqualTo(new AdmissionSettings(
                        new Rate(1.5, 2),
                        new Rate(5000, 3),
                        new Rate(5000, 10_000),
                        1,
                        30,
                        5,
                        List.of(new RouteRate("POST /v1/workflows", 10, 20)),
                        4));
        assertThat(bind("sluice.quota", QuotaSettings.class, Map.of("sluice.quota.max-organizations", "7")))
                .isEqualTo(new QuotaSettings(7));
    }

    @Test
    void keepEventsForAWeekAtLeast() {
        assertThat(bind("sluice.ingress", IngressSettings.class, Map.of("sluice.ingress.retention", "7d"))
                        .retention())
                .isEqualTo(Duration.ofDays(7));
        assertThatThrownBy(
                        () -> bind("sluice.ingress", IngressSettings.class, Map.of("sluice.ingress.retention", "6d")))
                .isInstanceOf(BindException.class)
                .hasRootCauseMessage("retention: PT144H (expected: >= PT168H)");
    }

    @Test
    void refuseWhatCannotWork() {
        assertThatThrownBy(() ->
                        bind("sluice.admission", AdmissionSettings.class, Map.of("sluice.admission.key.rate", "0")))
                .isInstanceOf(BindException.class)
                .hasRootCauseMessage("rate: 0.0 (expected: 0.001 to 1000000)");
        assertThatThrownBy(() ->
                        bind("sluice.executor", ExecutorSettings.class, Map.of("sluice.executor.url", "https://x/y")))
                .isInstanceOf(BindException.class);
    }

    @Test
    void takeTokensOfIssuersThatSignWithAKeyOfTheirOwn() {
        Map<String, String> issuer = Map.of(
                "sluice.identity.issuers[0].url", "https://login.example.com/",
                "sluice.identity.issuers[0].audiences", "sluice",
                "sluice.identity.issuers[0].organizations.acme", "00000000-0000-7000-8000-000000000001");
        assertThat(bind("sluice.identity", IdentitySettings.class, issuer).issuers())
                .containsExactly(new IssuerSettings(
                        URI.create("https://login.example.com/"),
                        null,
                        List.of("sluice"),
                        List.of(
                                IssuerSettings.Algorithm.RS256,
                                IssuerSettings.Algorithm.PS256,
                                IssuerSettings.Algorithm.ES256,
                                IssuerSettings.Algorithm.ES384),
                        "organization",
                        Map.of("acme", "00000000-0000-7000-8000-000000000001"),
                        "role",
                        Map.of(),
                        Duration.ofSeconds(60)));
        Map.of(
                        ".algorithms", "HS256",
                        ".algorithms[0]", "none",
                        ".organizations.acme", "acme",
                        ".roles.boss", "king",
                        ".skew", "10m")
                .forEach((name, value) -> {
                    Map<String, String> wrong = new HashMap<>(issuer);
                    wrong.put("sluice.identity.issuers[0]" + name, value);
                    assertThatThrownBy(() -> bind("sluice.identity", IdentitySettings.class, wrong))
                            .as(name)
                            .isInstanceOf(BindException.class);
                });
    }

    @Test
    void nameProvidersByWhomPeopleLogIn() {
        String name = "sluice.identity.login-providers[0].";
        Map<String, String> google = Map.of(
                name + "id", "google",
                name + "preset", "google",
                name + "client-id", "client",
                name + "client-secret", "hidden");
        ProviderSettings bound = bind("sluice.identity", IdentitySettings.class, google)
                .loginProviders()
                .getFirst();
        assertThat(bound)
                .isEqualTo(new ProviderSettings(
                        "google",
                        ProviderSettings.Preset.GOOGLE,
                        "",
                        null,
                        "client",
                        "hidden",
                        List.of("openid", "email", "profile"),
                        List.of(
                                IssuerSettings.Algorithm.RS256,
                                IssuerSettings.Algorithm.PS256,
                                IssuerSettings.Algorithm.ES256,
                                IssuerSettings.Algorithm.ES384),
                        true));
        assertThat(bound.toString()).doesNotContain("hidden");
        Map<String, String> github = new HashMap<>(google);
        github.put(name + "preset", "github");
        github.put(name + "link-by-email", "false");
        ProviderSettings second = bind("sluice.identity", IdentitySettings.class, github)
                .loginProviders()
                .getFirst();
        assertThat(second.scopes()).containsExactly("read:user", "user:email");
        assertThat(second.linkByEmail()).isFalse();
        Map<String, String> neither = new HashMap<>(google);
        neither.remove(name + "preset");
        Map<String, String> file = new HashMap<>(google);
        file.put(name + "issuer", "file:///etc/passwd");
        Map<String, String> twice = new HashMap<>(google);
        google.forEach((key, value) -> twice.put(key.replace("[0]", "[1]"), value));
        for (Map<String, String> wrong : List.of(neither, file, twice)) {
            assertThatThrownBy(() -> bind("sluice.identity", IdentitySettings.class, wrong))
                    .isInstanceOf(BindException.class);
        }
    }

    private static <T> T bind(String prefix, Class<T> type, Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate(prefix, type);
    }
}
