package dev.sluice.executor.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.sluice.executor.description.DescriptionException;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.shared.json.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BinaryNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.POJONode;

/** Bodies that are neither JSON nor text. */
final class FormTest {

    private static final String TEXT = "text/plain; charset=UTF-8";

    /** The rules of OpenAPI 3, "Encoding Object", for the types of parts. */
    @ParameterizedTest
    @CsvSource(delimiter = '!', quoteCharacter = '`', textBlock = """
            {"type":"string"}                                  ! {}                                  ! "ä"                     ! p|TEXT|ä
            {"type":"integer"}                                 ! {}                                  ! 7                       ! p|TEXT|7
            {"type":["boolean","null"]}                        ! {}                                  ! true                    ! p|TEXT|true
            {"type":"string"}                                  ! {}                                  ! null                    ! ``
            {"type":"array","items":{"type":"string"}}         ! {}                                  ! ["a",2]                 ! p|TEXT|a, p|TEXT|2
            {"type":"object"}                                  ! {}                                  ! {"a":1}                 ! p|application/json|{"a":1}
            {"type":"array","items":{"type":"object"}}         ! {}                                  ! [{"a":1}]               ! p|application/json|[{"a":1}]
            {"type":"string"}                                  ! {"contentType":"application/json"}  ! "a"                     ! p|application/json|"a"
            {"type":"array"}                                   ! {"contentType":"application/json"}  ! ["a"]                   ! p|application/json|["a"]
            {"type":"object"}                                  ! {"contentType":"application/xml"}   ! "<a/>"                  ! p|application/xml|<a/>
            {"type":"string","format":"binary"}                ! {}                                  ! "YWJj"                  ! p:p|application/octet-stream|abc
            {"type":"array","items":{"format":"binary"}}       ! {}                                  ! ["YQ==","Yg=="]         ! p:p|application/octet-stream|a, p:p|application/octet-stream|b
            {"type":"string","format":"binary"}                ! {"contentType":"image/*, image/png"} ! "YWJj"                 ! p:p|image/png|abc
            {"type":"string","format":"binary"}                ! {"contentType":"image/*"}           ! {"base64":"YQ==","contentType":"image/x","filename":"a.x"} ! p:a.x|image/x|a
            {"type":"string","format":"binary"}                ! {"contentType":"text/csv"}          ! "a;b"                   ! p:p|text/csv|a;b
            {"type":"string","format":"binary"}                ! {}                                  ! {"text":"é"}            ! p:p|application/octet-stream|é
            {}                                                 ! {"contentType":"image/png"}         ! "YWJj"                  ! p:p|image/png|abc
            {"type":"string","contentMediaType":"image/png"}   ! {}                                  ! "YWJj"                  ! p:p|image/png|abc
            {"contentMediaType":"image/png","contentEncoding":"base64"} ! {}                         ! "YWJj"                  ! p|image/png|YWJj
            {"contentMediaType":"application/json"}            ! {}                                  ! "[1]"                   ! p|application/json|[1]
            {"type":"array"}                                   ! {"style":"form","explode":false}    ! ["a","b"]               ! p|TEXT|a,b
            {"type":"object"}                                  ! {"style":"deepObject"}              ! {"a":1}                 ! p[a]|TEXT|1
            {"$ref":"#/components/schemas/file"}               ! {}                                  ! "YWJj"                  ! p:p|application/octet-stream|abc
            {"allOf":[{"$ref":"#/components/schemas/file"}]}   ! {}                                  ! "YWJj"                  ! p:p|application/octet-stream|abc
            """)
    void writesPartsByTheirTypes(String schema, String encoding, String value, String expected) throws Exception {
        Operation operation = multipart("3.1.0", "{\"p\":" + schema + "}", "{\"p\":" + encoding + "}");

        String written = text(operation.request(Json.object().set("p", json(value))));

        assertThat(written).isEqualTo(expected.replace("TEXT", TEXT));
    }

    @Test
    void hasNoStylesOfPartsBeforeOpenApi31() throws Exception {
        Operation operation = multipart("3.0.3", "{\"p\":{\"type\":\"array\"}}", "{\"p\":{\"explode\":false}}");

        assertThat(text(operation.request(json("{\"p\":[1,2]}")))).isEqualTo("p|" + TEXT + "|1, p|" + TEXT + "|2");
    }

    @Test
    void sendsHeadersOfPartsThatHaveOneValue() throws Exception {
        String headers = """
                {"p":{"headers":{"X-A":{"schema":{"const":"a"}},"X-B":{"schema":{"enum":["b"]}},"X-C":{"schema":{"type":"string"}},
                  "Content-Type":{"required":true,"schema":{}},"X-D":{"required":true,"schema":{"default":4}}}}}""";
        Operation operation = multipart("3.1.0", "{\"p\":{}}", headers);
        String body = new String(parts(operation.request(json("{\"p\":1}"))).bytes("B"), StandardCharsets.UTF_8);

        assertThat(body)
                .isEqualTo("--B\r\nContent-Disposition: form-data; name=\"p\"\r\nContent-Type: " + TEXT
                        + "\r\nX-A: a\r\nX-B: b\r\nX-D: 4\r\n\r\n1\r\n--B--\r\n");
        assertThatThrownBy(() -> multipart("3.1.0", "{\"p\":{}}", "{\"p\":{\"headers\":{\"X\":{\"required\":true}}}}"))
                .isInstanceOf(DescriptionException.class)
                .hasMessageContaining("its part 'p' requires the header 'X'");
        assertThatThrownBy(() -> multipart(
                        "3.1.0",
                        "{\"p\":{}}",
                        "{\"p\":{\"headers\":{\"X\":{\"schema\":{\"const\":\"a\\r\\nb: c\"}}}}}"))
                .isInstanceOf(DescriptionException.class)
                .hasMessage("the header 'X' of its part 'p' is no header");
    }

    @ParameterizedTest
    @CsvSource({"text/plain\\r\\nX-A: b", "text/\\u00e9", "text", "a/b; c=\\u0000"})
    void refusesTypesOfPartsThatAreNone(String type) {
        assertThatThrownBy(() -> multipart("3.1.0", "{\"p\":{}}", "{\"p\":{\"contentType\":\"" + type + "\"}}"))
                .isInstanceOf(DescriptionException.class)
                .hasMessage("the type of its part 'p' is no media type");
    }

    @Test
    void wantsNothingThatOnlyResponsesHave() throws Exception {
        Operation operation = operation("""
                {"openapi":"3.0.3","components":{"schemas":{"id":{"type":"string","readOnly":true}}},
                 "paths":{"/":{"post":{"operationId":"op","requestBody":{"content":{"multipart/form-data":
                   {"schema":{"required":["id","at","p"],"properties":{"id":{"$ref":"#/components/schemas/id"},
                     "at":{"readOnly":true},"p":{"readOnly":false}}}}}}}}}}""");

        assertThat(text(operation.request(json("{\"p\":1}")))).isEqualTo("p|" + TEXT + "|1");
        assertThatThrownBy(() -> operation.request(json("{\"id\":1}")))
                .hasMessage("The parameter 'p' of op is missing");
    }

    @Test
    void looksAtNoMoreSchemasThanABound() {
        String many = IntStream.range(0, 900).mapToObj(index -> "{}").collect(Collectors.joining(","));
        String properties = IntStream.range(0, 20_000)
                .mapToObj(index -> "\"p" + index + "\":{\"$ref\":\"#/many\"}")
                .collect(Collectors.joining(","));
        String types = IntStream.range(0, 10)
                .mapToObj(index -> "\"multipart/form-data; a=" + index + "\":{\"schema\":{\"$ref\":\"#/form\"}}")
                .collect(Collectors.joining(","));
        String document = "{\"openapi\":\"3.0.3\",\"many\":{\"allOf\":[" + many + "]},\"form\":{\"properties\":{"
                + properties + "}},\"paths\":{\"/\":{\"post\":{\"operationId\":\"op\",\"requestBody\":{\"content\":{"
                + types + "}}}}}}";

        assertThatThrownBy(() -> assertTimeoutPreemptively(Duration.ofSeconds(20), () -> operation(document)))
                .isInstanceOf(DescriptionException.class)
                .hasMessage("the schemas of its body are made up of more than 100000 others together");
    }

    @Test
    void letsNobodyLeaveANameOrALine() throws Exception {
        Operation operation = multipart("3.1.0", "{}", "{}");
        JsonNode arguments = Json.object()
                .put("a\"; filename=\"x\r\n\r\nb", "1\r\n--B--")
                .set("f", Json.object().put("text", "t").put("filename", "\u0000\u007f\"\n"));

        String body = new String(parts(operation.request(arguments)).bytes("B"), StandardCharsets.UTF_8);

        assertThat(body).contains("name=\"a%22; filename=%22x%0D%0A%0D%0Ab\"\r\n");
        Operation file = multipart("3.1.0", "{\"f\":{\"format\":\"binary\"}}", "{}");
        assertThat(new String(parts(file.request(arguments)).bytes("B"), StandardCharsets.UTF_8))
                .contains("name=\"f\"; filename=\"%00%7F%22%0A\"\r\n");
    }

    @Test
    void hasABoundaryThatIsInNoPart() throws Exception {
        Operation operation = multipart("3.1.0", "{}", "{}");
        Multipart parts = parts(operation.request(json("{\"a\":1}")));
        String boundary = parts.boundary("key");

        assertThat(parts.boundary("key")).isEqualTo(boundary).isNotEqualTo(parts.boundary("other"));
        assertThat(parts(operation.request(json("{\"a\":2}"))).boundary("key")).isEqualTo(boundary);
        assertThat(parts(operation.request(Json.object().put("a", "x" + boundary + "y")))
                        .boundary("key"))
                .isNotEqualTo(boundary);
        assertThat(parts(operation.request(Json.object().put(boundary, "x"))).boundary("key"))
                .isNotEqualTo(boundary);
        assertThat(parts.contentType(boundary)).isEqualTo("multipart/form-data; boundary=%s", boundary);
    }

    @Test
    void isBounded() throws Exception {
        Operation operation = multipart("3.1.0", "{}", "{}");
        String many =
                IntStream.rangeClosed(0, 1_000).mapToObj(Integer::toString).collect(Collectors.joining(","));

        assertThatThrownBy(() -> operation.request(json("{\"a\":[" + many + "]}")))
                .isInstanceOf(ExpressionException.class)
                .hasMessage("The body has more than 1000 parts");
        assertThatThrownBy(() -> operation.request(Json.object().put("x".repeat(1_001), 1)))
                .isInstanceOf(ExpressionException.class)
                .hasMessage("The name of a part has more than 1000 characters");
    }

    @Test
    void endsCirclesOfSchemasAndCountsThem() throws Exception {
        Operation circle = operation("""
                {"openapi":"3.1.0","components":{"schemas":{"a":{"allOf":[{"$ref":"#/components/schemas/a"},
                   {"properties":{"p":{"format":"binary"}},"required":["p"]}]}}},
                 "paths":{"/":{"post":{"operationId":"op","requestBody":{"content":{"multipart/form-data":
                   {"schema":{"$ref":"#/components/schemas/a"}}}}}}}}""");
        assertThat(text(circle.request(json("{\"p\":\"YQ==\"}")))).isEqualTo("p:p|application/octet-stream|a");
        assertThatThrownBy(() -> circle.request(json("{\"q\":1}"))).hasMessage("The parameter 'p' of op is missing");

        String many = IntStream.range(0, 1_001).mapToObj(index -> "{}").collect(Collectors.joining(","));
        assertThatThrownBy(() -> multipart("3.1.0", "{\"p\":{\"allOf\":[" + many + "]}}", "{}"))
                .isInstanceOf(DescriptionException.class)
                .hasMessage("a schema of its body is made up of more than 1000 others");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', quoteCharacter = '`', textBlock = """
            "n o"                               ! The part 'p' is not Base64; what is text can be given as { text: … }
            7                                   ! The part 'p' must be Base64, or an object with 'text' or 'base64'
            {"content":"x"}                     ! The part 'p' has 'content'; there are only 'text' or 'base64', 'filename' and 'contentType'
            {"text":1}                          ! 'text' of The part 'p' is not a string
            {"filename":"x"}                    ! The part 'p' needs either 'text' or 'base64'
            {"text":"a","base64":"YQ=="}        ! The part 'p' needs either 'text' or 'base64'
            {"text":"a","contentType":"a b"}    ! 'contentType' of The part 'p' is not a media type
            {"text":"a","contentType":"a/b\\r\\nc: d"} ! 'contentType' of The part 'p' is not a media type
            """)
    void saysWhatIsNoFile(String value, String reason) throws Exception {
        Operation operation = multipart("3.0.3", "{\"p\":{\"type\":\"string\",\"format\":\"binary\"}}", "{}");

        assertThatThrownBy(() -> operation.request(Json.object().set("p", json(value))))
                .isInstanceOf(ExpressionException.class)
                .hasMessage(reason);
    }

    @Test
    void readsFormsOfSwagger() throws Exception {
        String parameters = """
                {"name":"file","in":"formData","type":"file","required":true},{"name":"tags","in":"formData","type":"array"},
                {"name":"note","in":"formData","type":"string"}""";
        Operation operation = operation("""
                {"swagger":"2.0","consumes":["application/json"],"paths":{"/":{"post":{"operationId":"op","parameters":[PARAMETERS]}}}}""".replace("PARAMETERS", parameters));
        assertThat(text(operation.request(json("{\"file\":\"YQ==\",\"tags\":[1,2],\"note\":\"n\"}"))))
                .isEqualTo("file:file|application/octet-stream|a, tags|" + TEXT + "|1,2, note|" + TEXT + "|n");
        assertThat(operation.arguments()).containsExactly("file", "tags", "note");
        assertThatThrownBy(() -> operation.request(json("{}"))).hasMessage("The parameter 'file' of op is missing");

        Operation plain = operation("""
                {"swagger":"2.0","consumes":["multipart/form-data"],"paths":{"/":{"post":{"operationId":"op","parameters":
                  [{"name":"note","in":"formData","type":"string"}]}}}}""");
        assertThat(text(plain.request(json("{\"note\":\"n\"}")))).isEqualTo("note|" + TEXT + "|n");
    }

    @Test
    void writesOneTextInTheStyleOfTheDocument() throws Exception {
        Operation operation = operation("""
                {"openapi":"3.0.3","paths":{"/":{"post":{"operationId":"op","requestBody":{"content":{
                  "application/x-www-form-urlencoded":{"schema":{"properties":{"a":{"type":"array"},"b":{"type":"object"},"c":{}}},
                    "encoding":{"a":{"explode":false},"b":{"style":"deepObject","explode":true}}}}}}}}}""");

        assertThat(operation
                        .request(json("{\"a\":[1,2],\"b\":{\"x\":\"y z\"},\"c\":{\"d\":1},\"e\":null}"))
                        .path("body")
                        .asString())
                .isEqualTo("a=1%2C2&b%5Bx%5D=y%20z&c=%7B%22d%22%3A1%7D");
    }

    /** JSON first, then forms, then text, then whatever there is; a form with files is one of parts. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "image/png":{},"application/json":{}                            | {"a":1}              | application/json
            "text/plain":{},"application/vnd.x+json; v=1":{}                | {"a":1}              | application/vnd.x+json; v=1
            "application/jsonl":{},"application/xml":{}                     | {"body":"<a/>"}      | application/xml
            "multipart/form-data":{},"application/x-www-form-urlencoded":{} | {"a":1}              | application/x-www-form-urlencoded
            "application/x-www-form-urlencoded":{},"multipart/form-data":{"schema":{"properties":{"a":{"format":"binary"}}}} | {"a":"YQ=="} | multipart/form-data
            "*/*":{}                                                        | {"a":1}              | application/json
            "application/*":{}                                              | {"a":1}              | application/json
            "multipart/*":{}                                                | {"a":1}              | multipart/form-data
            "multipart/mixed":{}                                            | {"a":1}              | multipart/mixed
            "text/*":{}                                                     | {"body":"x"}         | text/plain; charset=UTF-8
            "image/*":{},"image/gif":{}                                     | {"body":"YQ=="}      | image/gif
            "image/*":{}                                                    | {"base64":"YQ==","contentType":"image/png"} | image/png
            "application/octet-stream":{}                                   | {"body":"YQ=="}      | application/octet-stream
            "multipart/related":{}                                          | {"body":{"text":"--x--","contentType":"multipart/related; boundary=x"}} | multipart/related; boundary=x
            """)
    void choosesAMediaType(String content, String arguments, String expected) throws Exception {
        Operation operation = body(content);

        assertThat(operation
                        .request(json(arguments))
                        .path("headers")
                        .path("Content-Type")
                        .asString())
                .isEqualTo(expected);
    }

    @Test
    void sendsBytesAndTextAsTheyAre() throws Exception {
        assertThat(bytes(body("\"application/octet-stream\":{}"), "{\"body\":\"AP8=\"}"))
                .containsExactly(0, -1);
        assertThat(bytes(body("\"application/xml\":{}"), "{\"body\":\"<ä/>\"}"))
                .isEqualTo("<ä/>".getBytes(StandardCharsets.UTF_8));
        assertThat(bytes(body("\"text/plain\":{}"), "{\"body\":7}")).containsExactly('7');
        assertThatThrownBy(() -> body("\"application/xml\":{}").request(json("{\"body\":[1]}")))
                .hasMessage("The body of op must be text, or an object with 'text' or 'base64'");
        assertThatThrownBy(() -> body("\"image/*\":{}").request(json("{\"body\":\"YQ==\"}")))
                .hasMessage("The body of op must say its 'contentType', which is one of image/*");
        assertThatThrownBy(() -> body("\"image/png\":{}").request(json("{\"text\":\"a\",\"filename\":\"b\"}")))
                .hasMessage("The body of op has a file name, which only parts have");
    }

    @Test
    void dropsNothingThatIsBesideAWholeBody() throws Exception {
        Operation operation = body("\"application/json\":{}");

        assertThatThrownBy(() -> operation.request(json("{\"body\":{\"a\":1},\"b\":2}")))
                .isInstanceOf(ExpressionException.class)
                .hasMessage("The argument 'body' is the whole body of op, beside which there are arguments that are no"
                        + " parameters");
        assertThat(operation.takesOthers(Set.of("body", "b"))).isFalse();
        assertThat(operation.takesOthers(Set.of("b"))).isTrue();
    }

    private static Operation multipart(String version, String properties, String encoding) throws DescriptionException {
        return operation("""
                {"openapi":"VERSION","components":{"schemas":{"file":{"type":"string","format":"binary"}}},
                 "paths":{"/":{"post":{"operationId":"op","requestBody":{"content":{"multipart/form-data":
                   {"schema":{"type":"object","properties":PROPERTIES},"encoding":ENCODING}}}}}}}""".replace("VERSION", version)
                .replace("PROPERTIES", properties)
                .replace("ENCODING", encoding));
    }

    private static Operation body(String content) throws DescriptionException {
        return operation("{\"openapi\":\"3.1.0\",\"paths\":{\"/\":{\"post\":{\"operationId\":\"op\",\"requestBody\":"
                + "{\"content\":{" + content + "}}}}}}");
    }

    private static Operation operation(String document) throws DescriptionException {
        URI source = URI.create("https://docs.example/openapi.json");
        return Objects.requireNonNull(
                OpenApiDocument.of(json(document), source, uri -> null).operation("op"));
    }

    private static Multipart parts(ObjectNode request) {
        return (Multipart) Objects.requireNonNull(((POJONode) request.path("body")).getPojo());
    }

    private static byte[] bytes(Operation operation, String arguments) {
        return ((BinaryNode) operation.request(json(arguments)).path("body")).binaryValue();
    }

    /** {@code name:filename|type|content} of each part. */
    private static String text(ObjectNode request) {
        String whole = new String(parts(request).bytes("B"), StandardCharsets.UTF_8);
        assertThat(whole).endsWith("--B--\r\n");
        return whole.replace("--B--\r\n", "")
                .replaceAll("(?s)\r\n$", "")
                .replaceFirst("^--B\r\n", "")
                .replace("\r\n--B\r\n", ", ")
                .replaceAll("Content-Disposition: form-data; name=\"([^\"]*)\"(; filename=\"([^\"]*)\")?\r\n", "$1:$3")
                .replaceAll("([^:]*):?Content-Type: ([^\r]*)\r\n\r\n", "$1|$2|")
                .replaceAll("(, |^)([^|:]*):\\|", "$1$2|");
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8));
    }
}
