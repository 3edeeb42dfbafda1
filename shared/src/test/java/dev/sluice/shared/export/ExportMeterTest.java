package dev.sluice.shared.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.SluiceException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExportMeterTest {

    private static final String TEXT = """
            {"kind":"run","id":"1"}
            {"kind":"run","id":"2","input":{"text":"\\"kind\\":\\"part\\""}}
            {"kind":"journal-entry","seq":0}
            {"kind":"part","lines":3,"omitted":{"t":["c"]}}
            """;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 10, 64, 1_000})
    void countsAndHashesLinesHoweverTheyAreCut(int size) {
        ExportMeter meter = new ExportMeter();
        byte[] bytes = TEXT.getBytes(UTF_8);
        for (int from = 0; from < bytes.length; from += size) {
            assertThat(meter.endsWith(ExportMeter.PART)).isFalse();
            meter.accept(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size)));
        }

        assertThat(meter.endsWith(ExportMeter.PART)).isTrue();
        assertThat(meter.part().orElseThrow().at("/omitted/t/0").asString()).isEqualTo("c");
        var manifest = Json.read(meter.close(ExportMeter.MANIFEST, Json.object().put("of", "x")));
        assertThat(manifest.path("lines").asInt()).isEqualTo(4);
        assertThat(manifest.path("kinds"))
                .isEqualTo(Json.read("{\"journal-entry\":1,\"part\":1,\"run\":2}".getBytes(UTF_8)));
        assertThat(manifest.path("sha256").asString()).isEqualTo(sha256(bytes));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void knowsAnUnfinishedLine() {
        ExportMeter meter = new ExportMeter();
        meter.accept("{\"kind\":\"part\"}\n{\"kind\":\"run\"".getBytes(UTF_8));
        assertThat(meter.endsWith(ExportMeter.PART)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\n", "{\"id\":1}\n", "[]", "{\"kind\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}"})
    void refusesWhatAreNoLinesOfAnExport(String text) {
        ExportMeter meter = new ExportMeter();
        assertThatThrownBy(() -> meter.accept(text.getBytes(UTF_8))).isInstanceOf(SluiceException.class);
    }
}
