package dev.sluice.shared.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.shared.redis.RedisSettings;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

final class ServicePropertiesTest {

    private static final URI REDIS = URI.create("redis://:secret@127.0.0.1:6379");

    @Test
    void haveTheseDefaults() {
        assertThat(redis(Map.of("sluice.redis.url", REDIS.toString())))
                .isEqualTo(new RedisProperties(REDIS, Duration.ofSeconds(1), 1000, 100_000));
        assertThat(secrets(Map.of()))
                .isEqualTo(new SecretProperties(new SecretProperties.Crypto(""), new SecretProperties.Assertion("")));
    }

    @Test
    void haveTheseDefaultsAndNamesForTheWorldOutside() {
        assertThat(bind("sluice.outbound", OutboundProperties.class, Map.of()))
                .isEqualTo(new OutboundProperties(List.of(), ""));
        Map<String, String> values = Map.of(
                "sluice.outbound.connect-to", "a:443=b:8443,c:1=d:2",
                "sluice.outbound.trusted-certificates", "/etc/partners.pem");
        assertThat(bind("sluice.outbound", OutboundProperties.class, values))
                .isEqualTo(new OutboundProperties(List.of("a:443=b:8443", "c:1=d:2"), "/etc/partners.pem"));
    }

    @Test
    void haveTheseNames() {
        RedisProperties redis = redis(Map.of(
                "sluice.redis.url", REDIS.toString(),
                "sluice.redis.command-timeout", "250ms",
                "sluice.redis.request-queue-size", "7",
                "sluice.redis.max-stream-length", "8"));
        assertThat(redis.settings()).isEqualTo(new RedisSettings(REDIS, Duration.ofMillis(250), 7, 8));
        SecretProperties secrets = secrets(Map.of("sluice.crypto.master-key", key(1), "sluice.assertion.key", key(2)));
        assertThat(secrets.crypto().bytes()).hasSize(32).containsOnly(1);
        assertThat(secrets.assertion().bytes()).hasSize(32).containsOnly(2);
    }

    @Test
    void hideWhatIsSecret() {
        SecretProperties secrets = secrets(Map.of("sluice.crypto.master-key", key(1), "sluice.assertion.key", key(2)));
        assertThat(secrets.toString()).doesNotContain(key(1)).doesNotContain(key(2));
        assertThat(redis(Map.of("sluice.redis.url", REDIS.toString())).toString())
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not base64!", "c2hvcnQ="})
    void nameTheSettingOfAKeyThatCannotBeUsed(String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SecretProperties.Crypto(key).bytes())
                .withMessageStartingWith("sluice.crypto.master-key (SLUICE_MASTER_KEY): ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SecretProperties.Assertion(key).bytes())
                .withMessageStartingWith("sluice.assertion.key (SLUICE_ASSERTION_KEY): ");
    }

    @Test
    void refuseWhatIsNoNumber() {
        Map<String, String> wrong =
                Map.of("sluice.redis.url", REDIS.toString(), "sluice.redis.max-stream-length", "many");
        assertThatThrownBy(() -> redis(wrong)).isInstanceOf(BindException.class);
    }

    private static String key(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static RedisProperties redis(Map<String, String> values) {
        return bind("sluice.redis", RedisProperties.class, values);
    }

    private static SecretProperties secrets(Map<String, String> values) {
        return bind("sluice", SecretProperties.class, values);
    }

    private static <T> T bind(String prefix, Class<T> type, Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate(prefix, type);
    }
}
