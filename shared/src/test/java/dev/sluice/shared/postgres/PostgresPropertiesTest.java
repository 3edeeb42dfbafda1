package dev.sluice.shared.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sluice.shared.postgres.PostgresProperties.Login;
import java.net.URI;
import java.time.Duration;
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
        assertThat(properties.settings().port()).isEqualTo(5432);
        assertThat(properties.settings().database()).isEqualTo("other");
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
            strings = {"http://db:5432/sluice", "postgresql://db:5432", "postgresql://u:p@db/sluice", "postgresql:x"})
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
