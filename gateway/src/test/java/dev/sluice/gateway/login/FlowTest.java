package dev.sluice.gateway.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class FlowTest {

    private static final Instant END = Instant.parse("2026-01-01T00:10:00Z");

    /** RFC 7636, appendix B. */
    private static final Flow FLOW =
            new Flow("corp", "state", "nonce", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", null, END);

    @Test
    void challengesAsTheStandardDoes() {
        assertThat(FLOW.challenge()).isEqualTo("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    @Test
    void isOverAtItsEndAndIsOfOneProviderAndState() {
        assertThat(FLOW.isOf("corp", "state", END.minusMillis(1))).isTrue();
        assertThat(FLOW.isOf("corp", "state", END)).isFalse();
        assertThat(FLOW.isOf("other", "state", END.minusMillis(1))).isFalse();
        assertThat(FLOW.isOf("corp", "states", END.minusMillis(1))).isFalse();
        assertThat(FLOW.isOf("corp", "", END.minusMillis(1))).isFalse();
    }

    @Test
    void isReadAsItWasWrittenAndNeverShown() {
        Flow invited = new Flow("corp", "state", "nonce", "verifier", "inv_hidden", END);
        assertThat(Flow.of(invited.bytes())).isEqualTo(invited);
        assertThat(Flow.of(FLOW.bytes())).isEqualTo(FLOW);
        assertThat(invited.toString()).doesNotContain("state", "nonce", "verifier", "hidden");
    }
}
