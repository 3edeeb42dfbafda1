package dev.sluice.gateway.person;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.lookup.SecretTokens;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TotpTest {

    private static final byte[] SECRET = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);

    private final Totp totp = new Totp(new SecretTokens());

    /** RFC 6238, appendix B, of which six digits are the last six of eight. */
    @ParameterizedTest
    @CsvSource({
        "59, 287082",
        "1111111109, 081804",
        "1111111111, 050471",
        "1234567890, 005924",
        "2000000000, 279037",
        "20000000000, 353130"
    })
    void takesTheCodesOfTheStandard(long seconds, String code) {
        assertThat(totp.step(SECRET, code, Instant.ofEpochSecond(seconds))).hasValue(seconds / 30);
    }

    @Test
    void putsUpWithAClockThatIsOneStepWrong() {
        assertThat(totp.step(SECRET, "287082", Instant.ofEpochSecond(29))).hasValue(1);
        assertThat(totp.step(SECRET, "287082", Instant.ofEpochSecond(89))).hasValue(1);
        assertThat(totp.step(SECRET, "287082", Instant.ofEpochSecond(90))).isEmpty();
    }

    @Test
    void takesNothingElse() {
        for (String code : new String[] {"", "28708", "2870820", "x87082", "２８７０８２"}) {
            assertThat(totp.step(SECRET, code, Instant.ofEpochSecond(59)))
                    .as(code)
                    .isEmpty();
        }
    }

    @Test
    void isReadByApps() {
        assertThat(Totp.uri(SECRET, new Email("ada+1@example.com")))
                .isEqualTo(
                        "otpauth://totp/Sluice:ada%2B1%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Sluice");
        assertThat(totp.secret()).hasSize(20).isNotEqualTo(totp.secret());
    }
}
