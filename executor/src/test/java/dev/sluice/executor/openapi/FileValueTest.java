package dev.sluice.executor.openapi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.shared.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class FileValueTest {

    /** Whoever reads it goes by what its media type says. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain; charset=ISO-8859-1",
                "text/plain;charset=\"iso-8859-1\"",
                "text/plain; format=flowed; Charset=latin1"
            })
    void textIsEncodedInTheCharsetOfItsMediaType(String mediaType) {
        assertThat(FileValue.of(Json.string("é"), mediaType, "It").content()).isEqualTo("é".getBytes(ISO_8859_1));
        assertThat(FileValue.of(text("é", mediaType), "image/png", "It").content())
                .isEqualTo("é".getBytes(ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "text/plain; charset=UTF-8", "application/xml"})
    void otherTextIsUtf8(String mediaType) {
        assertThat(FileValue.of(Json.string("é€"), mediaType, "It").content()).isEqualTo("é€".getBytes(UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "ISO-8859-1, It has characters that are not in ISO-8859-1",
        "klingon, 'It is to be encoded in klingon, which is not available'",
        "!!, 'It is to be encoded in !!, which is not available'"
    })
    void whatCannotBeEncodedIsAnError(String charset, String reason) {
        assertThatExceptionOfType(ExpressionException.class)
                .isThrownBy(() -> FileValue.of(Json.string("€"), "text/plain; charset=" + charset, "It"))
                .satisfies(e -> assertThat(e.detail()).isEqualTo(reason));
    }

    @Test
    void bytesAreWhatTheyAre() {
        JsonNode value = Json.object().put("base64", "w6k=").put("contentType", "text/plain; charset=ISO-8859-1");

        assertThat(FileValue.of(value, "text/plain", "It").content()).isEqualTo("é".getBytes(UTF_8));
    }

    private static JsonNode text(String text, String contentType) {
        return Json.object().put("text", text).put("contentType", contentType);
    }
}
