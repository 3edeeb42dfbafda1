package dev.sluice.shared.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sluice.shared.postgres.PostgresProperties.Login;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

final class PostgresPropertiesTest {

    private static final URI LOCAL = URI.create("postgresql://127.0.0.1:5432/sluice");

    @Test
    void haveTheseDefaults() {
        Login absent = new Login(null);
        assertThat(bind(Map.of()))
                .isEqualTo(new PostgresProperties(
                        LOCAL, absent, absent, absent, absent, 16, Duration.ofSeconds(3), Duration.ofSeconds(10)));
    }

    @Test
    void haveTheseNames() {
        PostgresProperties properties = bind(Map.of(
                "sluice.postgres.url", "postgresql://db/other",
                "sluice.postgres.migrate.password", "m",
                "sluice.postgres.api.password", "a",
                "sluice.postgres.ingest.password", "i",
                "sluice.postgres.engine.password", "e",
                "sluice.postgres.pool-size", "2",
                "sluice.postgres.acquire-timeout", "40ms",
                "sluice.postgres.statement-timeout", "5s"));
        assertThat(properties.settings())
                .isEqualTo(new PostgresSettings(
                        URI.create("postgresql://db/other"),
                        Map.of(
                                DatabaseRole.MIGRATE, "m",
                                DatabaseRole.API, "a",
                                DatabaseRole.INGEST, "i",
                                DatabaseRole.ENGINE, "e"),
                        2,
                        Duration.ofMillis(40),
                        Duration.ofSeconds(5)));
        assertThat(properties.settings().address())
                .isEqualTo(new PostgresAddress(List.of(new PostgresAddress.Server("db", 5432)), "other"));
    }

    @Test
    void nameOneServerByItsIpv6Address() {
        assertThat(bind(Map.of("sluice.postgres.url", "postgresql://[::1]:5433/sluice"))
                        .settings()
                        .address()
                        .jdbc())
                .isEqualTo("jdbc:postgresql://[::1]:5433/sluice");
    }

    @Test
    void nameAPrimaryAndItsStandbys() {
        PostgresAddress address = bind(Map.of("sluice.postgres.url", "postgresql://one:5433,two,three:5/sluice"))
                .settings()
                .address();
        assertThat(address)
                .isEqualTo(new PostgresAddress(
                        List.of(
                                new PostgresAddress.Server("one", 5433),
                                new PostgresAddress.Server("two", 5432),
                                new PostgresAddress.Server("three", 5)),
                        "sluice"));
        assertThat(address.jdbc()).isEqualTo("jdbc:postgresql://one:5433,two:5432,three:5/sluice");
    }

    @Test
    void takeABlankPasswordForNone() {
        PostgresSettings settings =
                bind(Map.of("sluice.postgres.engine.password", " ")).settings();
        assertThat(settings.passwords()).isEmpty();
        assertThatIllegalStateException()
                .isThrownBy(() -> settings.password(DatabaseRole.ENGINE))
                .withMessage("There is no password for sluice_engine");
    }

    @Test
    void hidePasswords() {
        PostgresProperties properties = bind(Map.of("sluice.postgres.api.password", "hunter2"));
        assertThat(properties.toString()).doesNotContain("hunter2");
        assertThat(properties.settings().toString()).doesNotContain("hunter2").contains("API");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://db:5432/sluice",
                "postgresql://db:5432",
                "postgresql://u:p@db/sluice",
                "postgresql:x",
                "postgresql://one,/sluice",
                "postgresql://one:1,u:p@two:2/sluice",
                "postgresql://one:65536,two/sluice"
            })
    void refuseAnAddressThatIsNoDatabase(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bind(Map.of("sluice.postgres.url", url)).settings())
                .withMessageStartingWith("url: ");
    }

    private static PostgresProperties bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("sluice.postgres", PostgresProperties.class);
    }
}
