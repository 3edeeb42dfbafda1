package dev.sluice.shared.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.shared.json.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What is to be seen. */
final class MaskingTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"email":"hidden"}           | {"email":"a@b.c","name":"A"}              | {"email":"***","name":"A"}
                    {"email":"hidden"}           | {"a":[{"b":{"email":"x"}},{"email":1}]}   | {"a":[{"b":{"email":"***"}},{"email":"***"}]}
                    {"EMail":"hidden"}           | {"eMAIL":"x"}                             | {"eMAIL":"***"}
                    {"email":"absent"}           | {"email":"x","name":"A"}                  | {"name":"A"}
                    {"email":"ending"}           | {"email":"ada@example.com"}               | {"email":"***.com"}
                    {"email":"ending"}           | {"email":"a@b.example"}                   | {"email":"***"}
                    {"n":"ending"}               | {"n":123456789012345}                     | {"n":"***"}
                    {"card":"hidden"}            | {"card":{"number":1}}                     | {"card":"***"}
                    {"card":"hidden"}            | {"card":[1,2]}                            | {"card":"***"}
                    {"email":"hidden"}           | {"email":null}                            | {"email":null}
                    {"a.b":"hidden"}             | {"b":1,"a":{"b":2,"c":{"b":3}}}           | {"b":1,"a":{"b":"***","c":{"b":3}}}
                    {"a.b":"hidden"}             | {"x":{"a":[[{"b":2}]]}}                   | {"x":{"a":[[{"b":"***"}]]}}
                    {"a.b":"hidden"}             | [{"a":{"b":2}}]                           | [{"a":{"b":"***"}}]
                    {"card.*":"hidden"}          | {"card":{"a":1,"b":[2]},"c":3}            | {"card":{"a":"***","b":"***"},"c":3}
                    {"a.*.c":"hidden"}           | {"a":{"b":{"c":1},"c":2}}                 | {"a":{"b":{"c":"***"},"c":2}}
                    {"*":"hidden"}               | {"a":{"b":1}}                             | {"a":"***"}
                    {"*":"ending","a":"absent"}  | {"a":1,"b":2}                             | {"b":"***"}
                    {"a":"hidden","a.b":"absent"}| {"a":{"b":1}}                             | {"a":"***"}
                    {"a":"hidden","*.a":"ending"}| {"x":{"a":"long enough text"}}            | {"x":{"a":"***"}}
                    {"customer.email":"hidden"}  | {"customer.email":1,"a.customer.email":2}  | {"customer.email":"***","a.customer.email":"***"}
                    {"customer":"hidden"}        | {"customer.email":1,"a":{"b.customer":2}}  | {"customer.email":"***","a":{"b.customer":"***"}}
                    {"a.b.c":"absent"}           | {"a.b":{"c":1,"d":2}}                     | {"a.b":{"d":2}}
                    {"email":"hidden"}           | {".":{"email":1},"email.":2}              | {".":{"email":"***"},"email.":"***"}
                    {"email":"unheard-of"}       | {"email":"x"}                             | {"email":"***"}
                    {}                           | {"email":"x"}                             | {"email":"x"}
                    {"email":"hidden"}           | "email"                                   | "email"
                    """)
    void showsWhatRulesLeave(String fields, String value, String expected) {
        assertThat(masking(fields).shown(json(value))).isEqualTo(json(expected));
    }

    @Test
    void isTheSameWhereNothingIsHidden() {
        JsonNode value = json("{\"a\":[{\"b\":1}],\"c\":{\"d\":2}}");
        assertThat(masking("{\"email\":\"hidden\"}").shown(value)).isSameAs(value);
        assertThat(Masking.NONE.shown(value)).isSameAs(value);
        assertThat(masking("{}")).isSameAs(Masking.NONE);
    }

    @Test
    void isTheSameUnderTheNameThatItIsShownBy() {
        JsonNode value = json("{\"email\":\"x\"}");
        assertThat(masking("{\"output.email\":\"hidden\"}").shown("output", value))
                .isEqualTo(json("{\"email\":\"***\"}"));
        assertThat(masking("{\"output.email\":\"hidden\"}").shown("input", value))
                .isSameAs(value);
        assertThat(masking("{\"output\":\"hidden\"}").shown("output", value)).isEqualTo(json("\"***\""));
        assertThat(masking("{\"output\":\"absent\"}").shown("output", value)).isNull();
        assertThat(Masking.NONE.shown("output", value)).isSameAs(value);
    }

    /** Rules do not take away what an event is known by. */
    @Test
    void sparesWhatIsSaidAboutEvents() {
        JsonNode event = json(
                "{\"id\":\"1\",\"type\":\"t\",\"subject\":\"s\",\"email\":\"x\",\"data\":{\"id\":2,\"email\":\"y\"}}");
        assertThat(masking("{\"id\":\"hidden\",\"type\":\"absent\",\"email\":\"hidden\"}")
                        .shownEvent(event))
                .isEqualTo(
                        json(
                                "{\"id\":\"1\",\"type\":\"t\",\"subject\":\"s\",\"email\":\"***\",\"data\":{\"id\":\"***\",\"email\":\"***\"}}"));
        assertThat(masking("{\"data.email\":\"absent\"}").shownEvent(event).path("data"))
                .isEqualTo(json("{\"id\":2}"));
        assertThat(masking("{\"no\":\"absent\"}").shownEvent(event)).isSameAs(event);
    }

    /** Runs go on with what they have. */
    @Test
    void changesNothingAndSharesTheRest() {
        JsonNode value = json("{\"a\":{\"email\":\"x\"},\"rest\":{\"b\":1}}");
        JsonNode shown = masking("{\"email\":\"absent\"}").shown(value);
        assertThat(value).isEqualTo(json("{\"a\":{\"email\":\"x\"},\"rest\":{\"b\":1}}"));
        assertThat(shown.path("rest")).isSameAs(value.path("rest"));
    }

    @Test
    void endsWithWholeCharacters() {
        JsonNode value = Json.object().put("a", "😀".repeat(12));
        assertThat(masking("{\"a\":\"ending\"}").shown(value).path("a").asString())
                .isEqualTo("***😀😀😀😀");
    }

    @Test
    void isReadAsItIsWritten() {
        JsonNode document = json("{\"fields\":{\"customer.email\":\"ending\",\"card.*\":\"absent\"}}");
        assertThat(Masking.read(document).write()).isEqualTo(document);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a.", ".a", "a..b", "a.b.c.d.e.f.g.h.i.j.k", "a\tb"})
    void knowsWhatIsNoField(String field) {
        assertThat(MaskingRule.isField(field)).isFalse();
        assertThatThrownBy(() -> new MaskingRule(field, MaskingRule.Way.HIDDEN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "*", "a.*.b", "Größe", "a b", "a.b.c.d.e.f.g.h.i.j"})
    void knowsWhatIsAField(String field) {
        assertThat(MaskingRule.isField(field)).isTrue();
    }

    private static Masking masking(String fields) {
        return Masking.read(json("{\"fields\":" + fields + "}"));
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8));
    }
}
