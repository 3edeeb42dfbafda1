package dev.sluice.executor.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.shared.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Messages as JSON, beside what Protocol Buffers itself makes of them. */
final class RpcMethodTest {

    private static final String PROTO = """
            syntax = "proto3";
            package all;
            import "google/protobuf/any.proto";
            import "google/protobuf/duration.proto";
            import "google/protobuf/empty.proto";
            import "google/protobuf/field_mask.proto";
            import "google/protobuf/struct.proto";
            import "google/protobuf/timestamp.proto";
            import "google/protobuf/wrappers.proto";
            enum Color { RED = 0; GREEN = 1; }
            message All {
              double a_double = 1; float a_float = 2; int32 an_int32 = 3; int64 an_int64 = 4; uint32 a_uint32 = 5;
              uint64 a_uint64 = 6; sint32 a_sint32 = 7; sint64 a_sint64 = 8; fixed32 a_fixed32 = 9; fixed64 a_fixed64 = 10;
              sfixed32 a_sfixed32 = 11; sfixed64 a_sfixed64 = 12; bool a_bool = 13; string a_string = 14; bytes some_bytes = 15;
              Color color = 16; All child = 17; repeated int64 numbers = 18; repeated All children = 19;
              map<string, All> named = 20; map<int32, Color> colored = 21; map<bool, string> said = 22;
              optional int32 maybe = 23; oneof either { string left = 24; All right = 25; }
              google.protobuf.Timestamp time = 26; google.protobuf.Duration duration = 27; google.protobuf.Struct struct = 28;
              google.protobuf.Value value = 29; google.protobuf.ListValue list = 30; google.protobuf.FieldMask mask = 31;
              google.protobuf.Any any = 32; google.protobuf.Int64Value wrapped = 33; google.protobuf.StringValue text = 34;
              google.protobuf.NullValue none = 35; google.protobuf.Empty empty = 36; string custom = 37 [json_name = "@own"];
            }
            service S { rpc M(All) returns (All); rpc N(stream All) returns (stream All); rpc W(Old) returns (Old); }
            message Old { string unused = 1; }
            """;

    private static final ProtoSchema SCHEMA = schema(PROTO);
    private static final RpcMethod METHOD = Objects.requireNonNull(SCHEMA.method("all.S", "M"));
    private static final Descriptor ALL = descriptor();

    private static ProtoSchema schema(String text) {
        try {
            return ProtoSchema.of("all.proto", text, name -> null, new ProtoBudget())
                    .orElseThrow();
        } catch (ProtoException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Descriptor descriptor() {
        try {
            FileDescriptor file =
                    Objects.requireNonNull(new Linker(name -> null, new ProtoBudget()).link("all.proto", PROTO));
            return file.findMessageTypeByName("All");
        } catch (ProtoException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"aDouble\":1.5,\"a_float\":-0.1,\"anInt32\":-2147483648,\"anInt64\":\"-9223372036854775808\"}",
                "{\"aUint32\":4294967295,\"aUint64\":\"18446744073709551615\",\"aSint32\":-1,\"aSint64\":-1}",
                "{\"aFixed32\":4000000000,\"aFixed64\":\"1e19\",\"aSfixed32\":1.0,\"aSfixed64\":1e3}",
                "{\"aDouble\":\"NaN\",\"aFloat\":\"-Infinity\"}",
                "{\"aDouble\":\"Infinity\",\"aFloat\":\"1.5e3\",\"anInt32\":\"12\"}",
                "{\"aDouble\":1e300,\"aFloat\":3.4028235e38,\"aBool\":true,\"aString\":\"\\u00fc\\ud83d\\ude00\"}",
                "{\"someBytes\":\"_-8=\",\"color\":\"GREEN\"}",
                "{\"someBytes\":\"/+8\",\"color\":1}",
                "{\"color\":7,\"child\":{\"child\":{\"anInt32\":1}}}",
                "{\"numbers\":[1,\"2\",3.0],\"children\":[{},{\"aBool\":true}]}",
                "{\"named\":{\"a\":{},\"b\":{\"anInt32\":1}},\"colored\":{\"1\":\"GREEN\",\"-2\":0},\"said\":{\"true\":\"x\"}}",
                "{\"maybe\":0,\"left\":\"\"}",
                "{\"right\":{\"left\":\"x\"},\"maybe\":null,\"child\":null,\"numbers\":null}",
                "{\"time\":\"2026-01-31T12:00:00.000001Z\",\"duration\":\"-1.5s\"}",
                "{\"time\":\"0001-01-01T00:00:00+00:00\",\"duration\":\"315576000000s\"}",
                "{\"time\":\"2026-01-31T12:00:00+02:00\",\"duration\":\"0.000000001s\"}",
                "{\"struct\":{\"a\":[1,null,{\"b\":true}],\"c\":1.5},\"value\":null,\"list\":[\"x\",[]]}",
                "{\"value\":{\"deep\":[{}]},\"mask\":\"a.bC,d\"}",
                "{\"wrapped\":\"0\",\"text\":\"\",\"none\":null,\"empty\":{},\"@own\":\"x\"}",
                "{\"any\":{\"@type\":\"type.googleapis.com/all.All\",\"anInt32\":3}}",
                "{\"any\":{\"@type\":\"x/google.protobuf.Duration\",\"value\":\"3s\"}}",
                "{\"any\":{\"@type\":\"x/google.protobuf.Any\",\"value\":{\"@type\":\"x/google.protobuf.Value\",\"value\":[1]}}}",
                "{\"any\":{}}"
            })
    void areWhatTheyAreElsewhere(String text) throws Exception {
        byte[] bytes = METHOD.encode(json(text)).getFirst();
        TypeRegistry types = TypeRegistry.newBuilder().add(ALL).build();
        DynamicMessage.Builder expected = DynamicMessage.newBuilder(ALL);
        JsonFormat.parser().usingTypeRegistry(types).merge(text, expected);

        assertThat(DynamicMessage.parseFrom(ALL, bytes)).isEqualTo(expected.build());
        String printed = JsonFormat.printer()
                .usingTypeRegistry(types)
                .alwaysPrintFieldsWithNoPresence()
                .print(expected);
        assertThat(Json.text(plain(METHOD.decode(List.of(ByteString.copyFrom(bytes)), values -> {}))))
                .isEqualTo(Json.text(plain(json(printed))));
    }

    /** Numbers are the same however many digits they are written with. */
    private static JsonNode plain(JsonNode value) {
        if (value.isNumber()) {
            return Json.string(value.decimalValue().stripTrailingZeros().toString());
        }
        if (value.isArray()) {
            var array = Json.array();
            value.forEach(element -> array.add(plain(element)));
            return array;
        }
        if (value.isObject()) {
            ObjectNode object = Json.object();
            value.properties().forEach(member -> object.set(member.getKey(), plain(member.getValue())));
            return object;
        }
        return value;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            []                                          | arguments must be an object: the method takes one message
            {"nothing":1}                               | arguments has no field 'nothing': it is a all.All
            {"child":{"child":{"nothing":1}}}           | arguments.child.child has no field 'nothing'
            {"children":[{},{"anInt32":"x"}]}           | arguments.children[1].an_int32 must be a whole number from -2147483648 to 2147483647
            {"anInt32":2147483648}                      | must be a whole number
            {"anInt32":1.5}                             | must be a whole number
            {"anInt32":true}                            | must be a whole number
            {"anInt64":1e999999999}                     | must be a whole number
            {"aUint64":"1e999999999"}                   | must be a whole number
            {"aUint64":1e-999999999}                    | must be a whole number
            {"aUint64":-1}                              | must be a whole number from 0 to 18446744073709551615
            {"aUint32":4294967296}                      | must be a whole number from 0 to 4294967295
            {"aDouble":1e309}                           | must be a number
            {"aFloat":1e39}                             | must be a number
            {"aDouble":"1,5"}                           | must be a number
            {"aBool":"true"}                            | must be a boolean
            {"aString":1}                               | must be a string
            {"someBytes":"!"}                           | must be Base64
            {"color":"BLUE"}                            | must be one of the values of all.Color
            {"child":[]}                                | must be an object
            {"numbers":1}                               | must be a list
            {"numbers":[null]}                          | arguments.numbers[0] must be a whole number
            {"children":[null]}                         | must be an object
            {"named":[]}                                | must be an object
            {"colored":{"x":0}}                         | arguments.colored.x must be a whole number
            {"said":{"yes":"x"}}                        | must be a boolean
            {"left":"a","right":{}}                     | arguments.right is given beside another that excludes it
            {"anInt32":1,"an_int32":2}                  | excludes it
            {"time":"yesterday"}                        | must be a time
            {"time":"10000-01-01T00:00:00Z"}            | must be a time
            {"duration":"1m"}                           | must be a duration
            {"duration":"315576000001s"}                | must be a duration
            {"mask":"a_b"}                              | must be paths
            {"struct":[]}                               | must be an object
            {"list":{}}                                 | must be a list
            {"wrapped":"x"}                             | must be a whole number
            {"any":{"@type":"x/no.Such"}}               | needs the URL of a known type
            {"any":{"anInt32":1}}                       | needs the URL of a known type
            {"any":{"@type":"x/google.protobuf.Value"}} | needs 'value' and nothing else
            """)
    void sayWhereTheyAreWrong(String arguments, String problem) {
        assertThatThrownBy(() -> METHOD.encode(json(arguments)))
                .isInstanceOf(ExpressionException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void areNotDeeperThanTheyCanBeRead() {
        String deep = "{\"child\":".repeat(150) + "{}" + "}".repeat(150);

        assertThatThrownBy(() -> METHOD.encode(json(deep))).hasMessageEndingWith("is nested deeper than 100 levels");
    }

    @Test
    void lackNothingThatIsRequired() throws Exception {
        RpcMethod method = Objects.requireNonNull(
                schema("message R { required int32 a = 1; optional R r = 2; }" + " service S { rpc M(R) returns (R); }")
                        .method("S", "M"));

        assertThatThrownBy(() -> method.encode(json("{\"a\":1,\"r\":{}}")))
                .isInstanceOf(ExpressionException.class)
                .hasMessage("arguments lacks r.a");
        assertThatThrownBy(() -> method.decode(List.of(ByteString.EMPTY), values -> {}))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage("it is no R");
        assertThat(method.decode(
                        List.of(ByteString.copyFrom(
                                method.encode(json("{\"a\":1}")).getFirst())),
                        values -> {}))
                .isEqualTo(json("{\"a\":1}"));
    }

    /** A type within a type within a type, each in the bytes of the former. */
    @Test
    void mayNotHideTheirDepthInTheirBytes() throws Exception {
        ByteString any = ByteString.EMPTY;
        for (int i = 0; i < 20_000; i++) {
            any = anyOf("x/google.protobuf.Any", any);
        }
        ByteString bytes = field(32, any);

        assertThatThrownBy(() -> METHOD.decode(List.of(bytes), values -> {}))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("nested deeper than 100 levels");
    }

    private static ByteString anyOf(String url, ByteString value) throws Exception {
        return field(1, ByteString.copyFromUtf8(url)).concat(field(2, value));
    }

    private static ByteString field(int number, ByteString value) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeBytes(number, value);
        out.flush();
        return ByteString.copyFrom(bytes.toByteArray());
    }

    /** Little there, much here: each message has all of its fields that cannot be absent. */
    @Test
    void areNotMoreThanFitIntoMemory() throws Exception {
        ByteString empty = field(19, ByteString.EMPTY);
        ByteString many = empty;
        for (int i = 0; i < 16; i++) {
            many = many.concat(many);
        }
        ByteString bytes = many;

        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThatThrownBy(() -> METHOD.decode(List.of(bytes), values -> {}))
                        .isInstanceOf(MalformedMessageException.class)
                        .hasMessageContaining("more than 1000000 values"));
        assertThatThrownBy(() ->
                        METHOD.decode(List.of(field(18, ByteString.copyFrom(new byte[1_100_000]))), values -> {}))
                .hasMessageContaining("more than 1000000 values");
    }

    @ParameterizedTest
    @CsvSource({
        "26, 08ffffffffffffffff7f, time",
        "26, 10ffffffffffffffffff01, nanos below zero",
        "27, 08ffffffffffffffff7f, duration",
        "17, ff, a tag that does not end",
        "17, 0a, a length that is missing",
        "14, 80, no UTF-8",
        "18, 80, a number that does not end",
        "17, 07, a wire type that there is not"
    })
    void areRefusedWhenTheyAreNone(int number, String hex, String what) throws Exception {
        ByteString bytes = field(number, ByteString.fromHex(hex));

        assertThatThrownBy(() -> METHOD.decode(List.of(bytes), values -> {}))
                .as(what)
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage("it is no all.All");
    }

    @Test
    void leaveOutWhatNobodyKnows() throws Exception {
        ByteString bytes = field(500, ByteString.copyFromUtf8("x"));

        assertThat(METHOD.decode(List.of(bytes), values -> {}))
                .isEqualTo(METHOD.decode(List.of(ByteString.EMPTY), values -> {}));
        assertThat(METHOD.decode(List.of(field(32, anyOf("x/no.Such", ByteString.copyFromUtf8("abc")))), values -> {})
                        .path("any"))
                .isEqualTo(json("{\"@type\":\"x/no.Such\",\"value\":\"YWJj\"}"));
    }

    /** One that has a group and a field for each of very many that are not given. */
    private static RpcMethod wide() {
        StringBuilder proto = new StringBuilder("syntax = 'proto3'; service S { rpc M(A) returns (A); }")
                .append("message A { repeated Wide all = 1; } message Wide {");
        for (int i = 1; i <= 16_000; i++) {
            proto.append("optional bool f").append(i).append('=').append(i).append(';');
        }
        return Objects.requireNonNull(schema(proto.append('}').toString()).method("S", "M"));
    }

    @Test
    void countWhatAMessageTakesThatHasNothing() {
        RpcMethod wide = wide();
        byte[] few = new byte[200];
        byte[] many = new byte[2_000];
        for (int i = 0; i < many.length; i += 2) {
            many[i] = 10;
        }
        System.arraycopy(many, 0, few, 0, few.length);

        Assertions.assertDoesNotThrow(() -> wide.decode(List.of(ByteString.copyFrom(few)), values -> {}));
        assertThatThrownBy(() -> wide.decode(List.of(ByteString.copyFrom(many)), values -> {}))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("more than 1000000 values");
    }

    @Test
    void countWhatAMessageTakesThatIsGivenNothing() {
        RpcMethod wide = wide();
        String few = "{\"all\":[" + "{},".repeat(99) + "{}]}";
        String many = "{\"all\":[" + "{},".repeat(999) + "{}]}";

        assertThat(wide.encode(json(few))).hasSize(1);
        assertThatThrownBy(() -> wide.encode(json(many)))
                .isInstanceOf(ExpressionException.class)
                .hasMessageContaining("more than 1000000 values");
    }
}
