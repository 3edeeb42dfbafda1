package dev.sluice.executor.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.executor.description.DescriptionException;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.shared.json.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

final class OperationTest {

    private static final URI SOURCE = URI.create("https://docs.example/api/openapi.json");

    /** The table of OpenAPI 3.1, "Style Examples", for what each style can hold. */
    @ParameterizedTest
    @CsvSource(delimiter = '!', quoteCharacter = '`', textBlock = """
                    path   ! simple         ! false ! "blue"                     ! /x/blue
                    path   ! simple         ! true  ! ["blue","bl ck"]           ! /x/blue,bl%20ck
                    path   ! simple         ! false ! {"R":100,"G":200}          ! /x/R,100,G,200
                    path   ! simple         ! true  ! {"R":100,"G":200}          ! /x/R=100,G=200
                    path   ! label          ! true  ! ["blue","black"]           ! /x/.blue.black
                    path   ! label          ! false ! ["blue","black"]           ! /x/.blue,black
                    path   ! matrix         ! false ! "blue"                     ! /x/;color=blue
                    path   ! matrix         ! true  ! ["blue","black"]           ! /x/;color=blue;color=black
                    path   ! matrix         ! false ! ["blue","black"]           ! /x/;color=blue,black
                    path   ! matrix         ! true  ! {"R":100,"G":200}          ! /x/;R=100;G=200
                    query  ! form           ! true  ! "bl/ue"                    ! {"color":"bl/ue"}
                    query  ! form           ! true  ! ["blue","black"]           ! {"color":["blue","black"]}
                    query  ! form           ! false ! ["blue","black"]           ! {"color":"blue,black"}
                    query  ! form           ! true  ! {"R":100,"G":200}          ! {"R":"100","G":"200"}
                    query  ! form           ! false ! {"R":100,"G":200}          ! {"color":"R,100,G,200"}
                    query  ! spaceDelimited ! false ! ["blue","black"]           ! {"color":"blue black"}
                    query  ! pipeDelimited  ! false ! ["blue","black"]           ! {"color":"blue|black"}
                    query  ! deepObject     ! true  ! {"R":100,"G":200}          ! {"color[R]":"100","color[G]":"200"}
                    header ! simple         ! false ! ["blue","black"]           ! {"color":"blue,black"}
                    header ! simple         ! true  ! {"R":100,"G":200}          ! {"color":"R=100,G=200"}
                    """)
    void writesParametersInEachStyle(String in, String style, boolean explode, String value, String expected)
            throws Exception {
        Operation operation = operation("""
                {"openapi":"3.1.0","servers":[{"url":"https://api.example"}],"paths":{"/x/PLACE":{"get":{"operationId":"op","parameters":[
                  {"name":"color","in":"IN","style":"STYLE","explode":EXPLODE,"schema":{}}]}}}}""".replace("PLACE", in.equals("path") ? "{color}" : "")
                .replace("IN", in)
                .replace("STYLE", style)
                .replace("EXPLODE", Boolean.toString(explode)));

        JsonNode arguments = Json.object().set("color", json(value));
        String written = switch (in) {
            case "path" -> part(operation, "uri", arguments).asString().substring("https://api.example".length());
            case "query" -> Json.text(part(operation, "query", arguments));
            default -> Json.text(part(operation, "headers", arguments));
        };
        assertThat(written).isEqualTo(expected.strip());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    "servers":[{"url":"https://{region}.api.example/v{n}/","variables":{"region":{"default":"eu"},"n":{"default":"2"}}}] | https://eu.api.example/v2/pets
                    "servers":[{"url":"/v1"}]                                   | https://docs.example/v1/pets
                    "servers":[{"url":"v1"}]                                    | https://docs.example/api/v1/pets
                    "info":{}                                                   | https://docs.example/pets
                    """)
    void findsTheServer(String servers, String uri) throws Exception {
        Operation operation = operation(
                "{\"openapi\":\"3.0.3\"," + servers + ",\"paths\":{\"/pets\":{\"get\":{\"operationId\":\"op\"}}}}");

        assertThat(part(operation, "uri", Json.object()).asString()).isEqualTo(uri);
        assertThat(operation.request(Json.object()).has("body")).isFalse();
    }

    @Test
    void putsNoVariablesIntoWhatVariablesGive() throws Exception {
        assertThatThrownBy(() -> operation("""
                {"openapi":"3.0.3","servers":[{"url":"https://{a}.example","variables":{"a":{"default":"{b}{b}"},"b":{"default":"x"}}}],
                 "paths":{"/pets":{"get":{"operationId":"op"}}}}"""))
                .isInstanceOf(DescriptionException.class)
                .hasMessage("its server 'https://{b}{b}.example' is not a URI");
        assertThatThrownBy(() -> operation("{\"openapi\":\"3.0.3\",\"servers\":[{\"url\":\"https://a/"
                        + "x".repeat(3_000) + "\"}],\"paths\":{\"/p\":{\"get\":{\"operationId\":\"op\"}}}}"))
                .isInstanceOf(DescriptionException.class)
                .hasMessage("its server has more than 2000 characters");
    }

    @Test
    void leavesNoPathByWhatIsPutIntoIt() throws Exception {
        Operation operation = operation("""
                {"openapi":"3.0.3","paths":{"/a/{id}/b":{"get":{"operationId":"op","parameters":[{"name":"id","in":"path"}]}}}}""");

        assertThatThrownBy(() -> part(operation, "uri", json("{\"id\": \"..\"}")))
                .hasMessage("The parameter 'id' of op leads elsewhere");
        assertThat(part(operation, "uri", json("{\"id\": \"../x\"}")).asString())
                .endsWith("/a/..%2Fx/b");
    }

    @Test
    void readsSwagger() throws Exception {
        Operation operation = operation("""
                {"swagger":"2.0","host":"pets.example","basePath":"/v2","schemes":["http","https"],"consumes":["application/json"],
                 "paths":{"/pet/{petId}":{"parameters":[{"name":"petId","in":"path","required":true,"type":"integer"}],
                   "post":{"operationId":"op","parameters":[
                     {"name":"status","in":"query","type":"array","collectionFormat":"multi","items":{"type":"string"}},
                     {"name":"tags","in":"query","type":"array","items":{"type":"string"}},
                     {"name":"X-Key","in":"header","type":"string"},
                     {"name":"pet","in":"body","required":true,"schema":{}}]}}}}""");
        JsonNode arguments = json("""
                {"petId": 7, "status": ["a","b"], "tags": ["c","d"], "X-Key": "k", "pet": {"name": "Rex"}}""");

        assertThat(operation.method()).isEqualTo("POST");
        assertThat(part(operation, "uri", arguments).asString()).isEqualTo("https://pets.example/v2/pet/7");
        assertThat(Json.text(part(operation, "query", arguments)))
                .isEqualTo("{\"status\":[\"a\",\"b\"],\"tags\":\"c,d\"}");
        assertThat(Json.text(part(operation, "headers", arguments)))
                .isEqualTo("{\"X-Key\":\"k\",\"Content-Type\":\"application/json\"}");
        assertThat(Json.text(part(operation, "body", arguments))).isEqualTo("{\"name\":\"Rex\"}");
        assertThatThrownBy(() -> part(operation, "uri", json("{}")))
                .isInstanceOf(ExpressionException.class)
                .hasMessage("The parameter 'petId' of op is missing");
        assertThatThrownBy(() -> part(operation, "body", json("{\"petId\": 7}")))
                .hasMessage("The parameter 'pet' of op is missing");
    }

    /** OpenAPI 3, Parameter Object, "name". */
    @Test
    void ignoresHeadersThatAreSaidElsewhere() throws Exception {
        String parameters = """
                "parameters":[{"name":"Accept","in":"header","required":true,"schema":{}},
                  {"name":"content-type","in":"header","schema":{}},{"name":"AUTHORIZATION","in":"header","schema":{}},
                  {"name":"X-Key","in":"header","schema":{}},{"name":"Accept","in":"IN","schema":{}}]""";
        String third = """
                {"openapi":"3.0.3","paths":{"/a":{"put":{"operationId":"op",PARAMETERS,
                  "requestBody":{"content":{"application/json":{}}}}}}}""".replace("PARAMETERS", parameters);
        Operation operation = operation(third.replace("IN", "header"));

        assertThat(Json.text(part(operation, "headers", json("{\"X-Key\":\"k\",\"x\":1}"))))
                .isEqualTo("{\"X-Key\":\"k\",\"Content-Type\":\"application/json\"}");
        assertThat(operation.arguments()).containsExactlyInAnyOrder("X-Key", "body");
        assertThat(operation.ignores("AUTHORIZATION")).isTrue();
        assertThat(operation.ignores("X-Key")).isFalse();
        assertThatThrownBy(() -> part(operation, "body", json("{\"AUTHORIZATION\":\"secret\"}")))
                .isInstanceOf(ExpressionException.class)
                .hasMessageStartingWith("OpenAPI ignores parameters for the header 'AUTHORIZATION'");

        Operation both = operation(third.replace("IN", "query"));
        assertThat(both.ignores("Accept")).isFalse();
        assertThat(Json.text(part(both, "query", json("{\"Accept\":\"a\"}")))).isEqualTo("{\"Accept\":\"a\"}");

        Operation second = operation("""
                {"swagger":"2.0","paths":{"/a":{"get":{"operationId":"op","parameters":[
                  {"name":"Accept","in":"header","type":"string"}]}}}}""");
        assertThat(Json.text(part(second, "headers", json("{\"Accept\":\"text/csv\"}"))))
                .isEqualTo("{\"Accept\":\"text/csv\"}");
    }

    @Test
    void sendsAFormAndGathersABodyOfWhatNoParameterTakes() throws Exception {
        Operation form = operation("""
                {"swagger":"2.0","paths":{"/f":{"post":{"operationId":"op","parameters":[
                  {"name":"a","in":"formData","required":true,"type":"string"},{"name":"b","in":"formData","type":"string"}]}}}}""");
        assertThat(part(form, "body", json("{\"a\": \"x y\", \"b\": [1, 2]}")).asString())
                .isEqualTo("a=x%20y&b=1&b=2");
        assertThat(part(form, "headers", json("{\"a\": 1}"))
                        .path("Content-Type")
                        .asString())
                .isEqualTo("application/x-www-form-urlencoded");
        assertThatThrownBy(() -> part(form, "body", json("{}"))).hasMessage("The parameter 'a' of op is missing");

        Operation gathered = operation("""
                {"openapi":"3.1.0","components":{"requestBodies":{"b":{"content":{"image/png":{},"application/vnd.x+json":{}}}},
                   "parameters":{"q":{"name":"q","in":"query","schema":{}}}},
                 "paths":{"/g":{"put":{"operationId":"op","parameters":[{"$ref":"#/components/parameters/q"}],
                   "requestBody":{"$ref":"#/components/requestBodies/b"}}}}}""");
        assertThat(Json.text(part(gathered, "body", json("{\"q\": 1, \"x\": 2}"))))
                .isEqualTo("{\"x\":2}");
        assertThat(Json.text(part(gathered, "body", json("{\"body\": [3]}")))).isEqualTo("[3]");
        assertThat(part(gathered, "body", json("{\"q\": 1}")).isMissingNode()).isTrue();
        assertThat(part(gathered, "headers", json("{\"x\": 1}"))
                        .path("Content-Type")
                        .asString())
                .isEqualTo("application/vnd.x+json");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"asyncapi":"3.0.0"} | it is neither OpenAPI 3 nor Swagger 2.0
                    [] | it is neither OpenAPI 3 nor Swagger 2.0
                    {"openapi":"3.1.0","paths":{"/a":{"get":{"operationId":"op","parameters":[{"$ref":"#/components/parameters/a"}]}}},"components":{"parameters":{"a":{"$ref":"#/components/parameters/a"}}}} | '#/components/parameters/a' leads in a circle
                    {"openapi":"3.1.0","paths":{"/a":{"get":{"operationId":"op","parameters":[{"$ref":"#/nowhere"}]}}}} | '#/nowhere' leads nowhere
                    {"openapi":"3.1.0","paths":{"/a/{id}":{"get":{"operationId":"op","parameters":[{"name":"id","in":"query"}]}}}} | its path '/a/{id}' has no parameter 'id'
                    {"openapi":"3.1.0","paths":{"/a":{"get":{"operationId":"op","parameters":[{"name":"a","in":"body2"}]}}}} | its parameter 'a' is in 'body2', which there is not
                    """)
    void saysWhatItCannotUse(String document, String reason) {
        assertThatThrownBy(() -> operation(document))
                .isInstanceOf(DescriptionException.class)
                .hasMessage(reason);
    }

    private static Operation operation(String document) throws DescriptionException {
        return Objects.requireNonNull(
                OpenApiDocument.of(json(document), SOURCE, uri -> null).operation("op"));
    }

    private static JsonNode part(Operation operation, String name, JsonNode arguments) {
        return operation.request(arguments).path(name);
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8));
    }
}
