package dev.sluice.executor.expression.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.expression.limit.TestBudgets;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class Utf8Test {

    @Test
    void replacesBrokenSequencesAsJqDoes() {
        Map<String, String> texts = Map.ofEntries(
                Map.entry("", ""),
                Map.entry("61c3a9e282acf09f9880", "aé€😀"),
                Map.entry("ff", "\ufffd"),
                Map.entry("808080", "\ufffd\ufffd\ufffd"),
                Map.entry("eda080", "\ufffd"),
                Map.entry("e08080", "\ufffd"),
                Map.entry("f0808080", "\ufffd"),
                Map.entry("f4908080", "\ufffd"),
                Map.entry("c080", "\ufffd\ufffd"),
                Map.entry("e28231", "\ufffd1"),
                Map.entry("f09f9831", "\ufffd1"),
                Map.entry("c331", "\ufffd1"),
                Map.entry("f5ff", "\ufffd\ufffd"),
                Map.entry("f09f98f09f9880", "\ufffd😀"),
                Map.entry("e29886e298", "☆\ufffd"));
        texts.forEach((hex, text) -> {
            byte[] bytes = HexFormat.of().parseHex(hex);
            assertThat(Utf8.text(bytes, bytes.length, TestBudgets.ample()))
                    .describedAs(hex)
                    .isEqualTo(text);
        });
    }

    @Test
    void writesLoneSurrogatesAsReplacementCharacters() {
        assertThat(Utf8.bytes("a\ud800é😀\udc00", TestBudgets.ample()))
                .isEqualTo("a\ufffdé😀\ufffd".getBytes(StandardCharsets.UTF_8));
    }
}
