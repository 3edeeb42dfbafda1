package dev.sluice.gateway.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class IdentityTest {

    @Test
    void hasANameThatFitsWhateverTheProviderSays() {
        assertThat(new Identity("sub", Optional.empty(), "  Ada\nLovelace\u0000 ").name())
                .isEqualTo("AdaLovelace");
        assertThat(new Identity("sub", Optional.empty(), " \u0007 ").name()).isEqualTo("sub");
        String long200 = "\uD83D\uDE00".repeat(300);
        String cut = new Identity("sub", Optional.empty(), long200).name();
        assertThat(cut.codePointCount(0, cut.length())).isEqualTo(200);
        assertThat(new Identity("s".repeat(255), Optional.empty(), "").name()).hasSize(200);
    }
}
