package dev.sluice.shared.assertion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who makes a request, as executors are told. */
final class IdentityAssertionTest {

    private static final byte[] KEY = new byte[32];
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String TARGET = "/v1/runs?limit=1";
    private static final int SCOPE = 1 + 8 + 16 + 16;

    private final IdentityAssertion assertion = at(NOW);

    @ParameterizedTest
    @EnumSource
    void tellsWhoAndWhatTheyMaySee(Principal.Scope scope) {
        for (boolean masked : new boolean[] {false, true}) {
            Principal principal =
                    new Principal(new OrganizationId(UUID.randomUUID()), UUID.randomUUID(), scope, masked);
            assertThat(assertion.verify(assertion.sign(principal, "GET", TARGET), "GET", TARGET))
                    .contains(principal);
        }
    }

    @Test
    void isForOneRequest() {
        String signed = assertion.sign(principal(), "GET", TARGET);
        assertThat(assertion.verify(signed, "POST", TARGET)).isEmpty();
        assertThat(assertion.verify(signed, "GET", "/v1/runs?limit=2")).isEmpty();
    }

    @Test
    void endsSoonAndDoesNotComeFromTheFuture() {
        String signed = assertion.sign(principal(), "GET", TARGET);
        Duration life = IdentityAssertion.LIFETIME;
        assertThat(at(NOW.plus(life).minusMillis(1)).verify(signed, "GET", TARGET))
                .isPresent();
        assertThat(at(NOW.plus(life)).verify(signed, "GET", TARGET)).isEmpty();
        assertThat(at(NOW.minus(life)).verify(signed, "GET", TARGET)).isEmpty();
    }

    /** Also the bit that hides. */
    @Test
    void isBrokenByAnyBitThatIsChanged() {
        byte[] signed = Base64.getUrlDecoder().decode(assertion.sign(principal().masked(true), "GET", TARGET));
        for (int bit = 0; bit < 8 * signed.length; bit++) {
            byte[] changed = signed.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(assertion.verify(text(changed), "GET", TARGET))
                    .as("bit %d", bit)
                    .isEmpty();
        }
        signed[SCOPE] &= 0x7f;
        assertThat(assertion.verify(text(signed), "GET", TARGET)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AAAA", "no base64!", "===="})
    void isNothingElse(String value) {
        assertThat(assertion.verify(value, "GET", TARGET)).isEmpty();
    }

    @Test
    void takesALongKeyOnly() {
        assertThatThrownBy(() -> new IdentityAssertion(new byte[31], Clock.fixed(NOW, ZoneOffset.UTC)))
                .hasMessage("assertion key: 31 bytes (expected: >= 32)");
    }

    private static Principal principal() {
        return new Principal(new OrganizationId(UUID.randomUUID()), UUID.randomUUID(), Principal.Scope.ORGANIZATION);
    }

    private static IdentityAssertion at(Instant now) {
        return new IdentityAssertion(KEY, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
