package dev.sluice.executor.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.sluice.executor.definition.RemoteDocuments.Reference;
import dev.sluice.executor.definition.WorkflowDocuments.Format;
import dev.sluice.shared.problem.SluiceException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of gRPC as they are deployed, with files that are anybody's. */
final class GrpcCallTest {

    private static final String FOLDER = "https://things.example/protos/";
    private static final String PROTO = """
            syntax = "proto3";
            package greet.v1;
            message Name { string first_name = 1; repeated Name others = 2; map<string, Name> more = 3; }
            message Greeting { string text = 1; }
            service Greeter {
              rpc SayHello(Name) returns (Greeting);
              rpc SayAll(stream Name) returns (Greeting) {}
            }
            """;

    private static String document(String with) {
        return Documents.HEAD + """
                do:
                  - a:
                      call: grpc
                      with:
                """ + with.indent(8);
    }

    private static String with(String service, String rest) {
        return "proto: { endpoint: '" + FOLDER + "greet.proto' }\nservice: { " + service + " }\n" + rest;
    }

    private static GrpcCall compiled(String document, String proto) {
        return (GrpcCall) ((Task.MakeCall)
                        Objects.requireNonNull(read(document, Map.of("greet.proto", proto), new RemoteDocuments()))
                                .tasks()
                                .tasks()
                                .getFirst())
                .call();
    }

    /** Gives what is missing until nothing is. */
    private static Workflow read(String document, Map<String, String> files, RemoteDocuments remote) {
        while (true) {
            Workflow workflow = WorkflowDocuments.read(document.getBytes(StandardCharsets.UTF_8), Format.YAML, remote);
            var missing = remote.missing();
            if (missing.isEmpty()) {
                return workflow;
            }
            missing.stream().map(Reference::uri).forEach(uri -> give(uri, files, remote));
        }
    }

    private static void give(URI uri, Map<String, String> files, RemoteDocuments remote) {
        String file =
                uri.toString().startsWith(FOLDER) ? files.get(uri.toString().substring(FOLDER.length())) : null;
        if (file == null) {
            remote.fail(uri, "status 404");
        } else {
            remote.put(uri, file.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static List<String> violations(String document, Map<String, String> files) {
        try {
            var _ = read(document, files, new RemoteDocuments());
            return List.of();
        } catch (SluiceException e) {
            return e.violations().stream()
                    .map(violation -> violation.pointer() + " " + violation.detail())
                    .toList();
        }
    }

    private static List<String> violations(String proto) {
        return violations(
                document(with("name: greet.v1.Greeter, host: a.example", "method: SayHello")),
                Map.of("greet.proto", proto));
    }

    @ParameterizedTest
    @CsvSource({
        "port: 5011,           '',    http://a.example:5011",
        "port: 443,            '',    https://a.example",
        "'',                   '',    https://a.example",
        "port: 5011,           true,  https://a.example:5011",
        "port: 443,            false, http://a.example:443"
    })
    void haveTlsWhereThePortIsItsOwnOrItIsSaid(String port, String tls, String server) {
        String document = document(with("name: greet.v1.Greeter, host: a.example, " + port, "method: SayHello"))
                + (tls.isEmpty() ? "" : "      metadata: { sluice: { tls: " + tls + " } }\n");

        assertThat(compiled(document, PROTO).server()).hasToString(server);
    }

    @Test
    void nameTheirServiceWithItsPackageOrWithout() {
        for (String name : List.of("greet.v1.Greeter", "Greeter")) {
            GrpcCall call = compiled(document(with("name: " + name + ", host: a.example", "method: SayAll")), PROTO);
            assertThat(call.method().fullName()).isEqualTo("greet.v1.Greeter/SayAll");
            assertThat(call.method().takesStream()).isTrue();
            assertThat(call.method().givesStream()).isFalse();
        }
    }

    @Test
    void mayImportFilesFromTheSameFolder() {
        Map<String, String> files = Map.of(
                "greet.proto",
                """
                syntax = "proto3"; package greet.v1;
                import "types/name.proto"; import "google/protobuf/timestamp.proto"; import "google/api/annotations.proto";
                service Greeter { rpc SayHello(types.Name) returns (google.protobuf.Timestamp) { option (google.api.http) = { get: "/x" additional_bindings { get: "/y" } }; } }
                """,
                "types/name.proto",
                "syntax = 'proto3'; package types; import public 'types/deeper.proto';",
                "types/deeper.proto",
                "syntax = 'proto3'; package types; message Name { string n = 1; }");

        assertThat(violations(document(with("name: Greeter, host: h, port: 1", "method: SayHello")), files))
                .isEmpty();
    }

    @Test
    void sayWhatIsWrongAndWhatMayBeMeant() {
        Map<String, String> files = Map.of("greet.proto", PROTO);

        assertThat(violations(document(with("name: greet.v1.Greter, host: h", "method: SayHello")), files))
                .containsExactly("/do/0/a/with/service/name there is no service 'greet.v1.Greter' in the file"
                        + " (did you mean 'greet.v1.Greeter'?)");
        assertThat(violations(document(with("name: Greeter, host: h", "method: sayHelo")), files))
                .containsExactly("/do/0/a/with/method the service has no method 'sayHelo' (did you mean 'SayHello'?)");
        assertThat(violations(
                        document(
                                with(
                                        "name: Greeter, host: h",
                                        "method: SayHello\narguments: { firstNam: x, first_name: '${ .a }', others: [ { lirst_name: y } ], more: { any: {} } }")),
                        files))
                .containsExactly(
                        "/do/0/a/with/arguments/firstNam the message has no field 'firstNam' (did you mean 'firstName'?)",
                        "/do/0/a/with/arguments/others/0/lirst_name the message has no field 'lirst_name'"
                                + " (did you mean 'first_name'?)");
        assertThat(violations(
                        document(
                                with("name: Greeter, host: 'h h', port: 70000", "method: SayHello\narguments: [ {} ]")),
                        files))
                .containsExactly(
                        "/do/0/a/with/service/host must be the name of a host or an address, not 'h h'",
                        "/do/0/a/with/service/port must be a whole number from 1 to 65535");
        assertThat(violations(
                        document(with(
                                "name: Greeter, host: h, authentication: { digest: { username: a, password: b } }",
                                "method: SayHello\nmethods: x")),
                        files))
                .containsExactly(
                        "/do/0/a/with/service/authentication digest is not available for gRPC: no server of it asks for one",
                        "/do/0/a/with/methods unknown property 'methods' (did you mean 'method'?)");
        assertThat(violations(document(with("name: Greeter, host: h", "method: SayHello\narguments: [ {} ]")), files))
                .containsExactly("/do/0/a/with/arguments must be an object, not a list: the method takes one message");
        assertThat(violations(document("{}"), files))
                .containsExactly(
                        "/do/0/a/with 'proto' is missing",
                        "/do/0/a/with 'service' is missing",
                        "/do/0/a/with 'method' is missing");
        assertThat(violations(document("proto: { endpoint: 'file://app/greet.proto' }\nservice: {}\nmethod: x"), files))
                .containsExactly(
                        "/do/0/a/with/proto/endpoint files of the machine are not available;"
                                + " it must be an absolute http or https URI",
                        "/do/0/a/with/service 'name' is missing",
                        "/do/0/a/with/service 'host' is missing");
    }

    @Test
    void sayWhichFileCannotBeHad() {
        assertThat(violations("import 'a/b.proto'; import 'c.proto';"))
                .containsExactly(
                        "/do/0/a/with/proto/endpoint " + FOLDER + "a/b.proto cannot be fetched: status 404",
                        "/do/0/a/with/proto/endpoint " + FOLDER + "c.proto cannot be fetched: status 404");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../x.proto",
                "/x.proto",
                "//evil.example/x.proto",
                "https://evil.example/x.proto",
                "a/../../x",
                "a b",
                ""
            })
    void importNothingFromOutsideTheirFolder(String name) {
        assertThat(violations("import '" + name + "';"))
                .singleElement()
                .asString()
                .contains("it imports '" + name + "', which is no path within its folder");
    }

    @Test
    void areRefusedWhenAFileImportsItself() {
        Map<String, String> files = Map.of(
                "greet.proto", "import 'a.proto';",
                "a.proto", "import 'b.proto';",
                "b.proto", "import 'a.proto';");

        assertThat(violations(document(with("name: G, host: h", "method: m")), files))
                .containsExactly(
                        "/do/0/a/with/proto/endpoint cannot be used: the file imports itself: greet.proto → a.proto → b.proto → a.proto");
        assertThat(violations("import 'greet.proto';"))
                .singleElement()
                .asString()
                .contains("imports itself");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            message A {                                                      | greet.proto:1:12: expected a name, not the end of the file
            message A { optional Nothing a = 1; }                            | "Nothing" is not defined
            message A { int32 a = 1; }                                       | expected 'required', 'optional' or 'repeated' (this is proto2), not 'int32'
            message A { optional int32 a = 1; optional int32 b = 1; }        | Field number 1 has already been used
            message A { optional int32 a = 1; optional bool a = 2; }         | "a" is already defined
            message A { optional int32 a = 0; }                              | the number of a field must be from 1 to 536870911
            message A { optional int32 a = 19001; }                          | those of Protocol Buffers itself
            message A { optional int32 a = 99999999999999999999999999999999; } | must be from 1
            message A {} message A {}                                        | "A" is already defined
            message A { map<double, int32> m = 1; }                          | keys of a map
            message A { oneof o { } }                                        | a oneof needs a field
            message A { oneof o { repeated int32 a = 1; } }                  | a field of a oneof has no label
            message A { optional group g = 1 { } }                           | begins with a capital letter
            enum E { }                                                       | an enum needs a value
            enum E { A = 1; A = 2; }                                         | "A" is already defined
            message message { optional message message = 1; } !              | '!' begins nothing
            syntax = "proto3"; message A { required int32 a = 1; }           | required fields are of proto2 alone
            syntax = "proto3"; message A { repeated group G = 1 {} }         | groups are of proto2 alone
            syntax = "proto4";                                               | neither proto2 nor proto3
            edition = "2024";                                                | no other edition than 2023
            edition = "2023"; message A { optional int32 a = 1; }            | an edition has no 'optional'
            edition = "2023"; option features.field_presence = NEVER;        | there is no feature 'field_presence' with the value 'NEVER'
            package a; package b;                                            | more than one package
            import "a.proto"; import "a.proto";                              | imported twice
            service S { rpc M(A) returns (B); }                              | "A" is not defined
            /* nothing                                                       | the comment does not end
            option a = "x                                                    | the string does not end
            option a = { b: { c: [1, 2] } };  ;;  message A { reserved 1 to max, 2; reserved "a"; extensions 100 to 200; } ? | '?' begins nothing
            <!DOCTYPE html>                                                  | '<' begins nothing
            {"openapi": "3.0.0"}                                             | '{' begins nothing
            message A { option message_set_wire_format = true; }             | wire format of message sets is not available
            """)
    void areRefusedWithTheReasonAndItsPlace(String proto, String reason) {
        assertThat(violations(proto))
                .singleElement()
                .asString()
                .startsWith("/do/0/a/with/proto/endpoint cannot be used: ")
                .contains(reason);
    }

    @Test
    void areRefusedInNoTimeHoweverTheirFilesAreMade() {
        String deep = "message A { ".repeat(50_000);
        String braces = "option a = " + "{ b: ".repeat(200_000);
        String garbage = "\u0001".repeat(1 << 20);
        String many = "message A { " + "optional int32 a = 1; ".repeat(40_000) + "}";
        String dots = "package " + "a.".repeat(500_000) + "a;";
        String name = "message " + "a".repeat(1 << 20) + " {}";
        String names = "import \"" + "x/".repeat(500_000) + "x\";";

        for (String hostile : List.of(deep, braces, garbage, many, dots, name, names)) {
            assertTimeoutPreemptively(
                    Duration.ofSeconds(20),
                    () -> assertThat(violations(hostile)).isNotEmpty());
        }
    }

    @Test
    void areRefusedWithMoreThanIsKeptInMemory() {
        StringBuilder many = new StringBuilder(PROTO);
        for (int i = 0; i < 17_000; i++) {
            many.append("enum E%1$s { A%1$s = 0; B%1$s = 1; }".formatted(i));
        }

        assertThat(violations(many.toString()))
                .singleElement()
                .asString()
                .contains("more than 50000 messages, fields, values, services and methods are defined");
    }

    @Test
    void areReadOnceHoweverManyTasksCallThem() {
        StringBuilder tasks = new StringBuilder(document(with("name: Greeter, host: h", "method: SayHello")));
        for (int i = 0; i < 500; i++) {
            tasks.append(document(with("name: Greeter, host: h", "method: SayHello"))
                    .substring(Documents.HEAD.length() + "do:\n".length())
                    .replace("- a:", "- a" + i + ":"));
        }
        String large = PROTO + "message M { " + " ; ".repeat(500_000) + " }";

        assertTimeoutPreemptively(
                Duration.ofSeconds(30),
                () -> assertThat(violations(tasks.toString(), Map.of("greet.proto", large)))
                        .isEmpty());
    }

    @Test
    void areTakenWithAFileOfAMegabyte() {
        StringBuilder large = new StringBuilder(PROTO);
        for (int i = 0; large.length() < 1 << 20; i++) {
            large.append("// Why there is this one, in so many words, is a long story.\nmessage M")
                    .append(i)
                    .append(" { string some_text = 1; Name name = 2; repeated int64 numbers = 3; }\n");
        }

        assertThat(violations(large.toString())).isEmpty();
    }

    @Test
    void areTakenWithGroupsEditionsAndNamesThatAreWordsOfTheLanguage() {
        String service = " service Greeter { rpc SayHello(A) returns (stream A); }";

        assertThat(violations("package greet.v1; message A { repeated group Inner = 1 { optional string message = 2; } "
                        + "optional string optional = 3; optional int32 reserved = 4 [default = 0x1F, (my.own).option = -inf]; "
                        + "oneof syntax { group Other = 5 {} bool package = 6; } extensions 100 to max; "
                        + "enum enum { option allow_alias = true; service = 0; rpc = 0; stream = -1; } optional enum e = 7; } "
                        + "extend A { repeated group Ext = 100 { } }" + service))
                .isEmpty();
        assertThat(violations("edition = '2023'; package greet.v1; option features.field_presence = IMPLICIT; "
                        + "message A { int32 a = 1 [features.field_presence = EXPLICIT]; reserved b, c; "
                        + "A child = 2 [features.message_encoding = DELIMITED]; }" + service))
                .isEmpty();
    }

    @Test
    void mayNotImportMoreThanAnybodyWouldRead() {
        StringBuilder proto = new StringBuilder();
        for (int i = 0; i < 150_000; i++) {
            proto.append("import '").append(i).append("';\n");
        }

        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThat(violations(proto.toString()))
                        .singleElement()
                        .asString()
                        .contains("greet.proto:101:8: the file imports more than 100 others"));
    }

    @Test
    void mayNotHaveFullNamesThatFillTheMemory() {
        StringBuilder proto = new StringBuilder("syntax = 'proto3';");
        for (int i = 0; i < 30; i++) {
            proto.append("message ").append("m".repeat(900)).append(i).append('{');
        }
        for (int i = 1; i <= 1_000; i++) {
            proto.append("bool f").append(i).append('=').append(i).append(';');
        }
        proto.append("}".repeat(30));

        assertThat(violations(proto.toString()))
                .singleElement()
                .asString()
                .contains("are longer than 16000000 characters together");
    }

    @Test
    void shareWhatTheFilesOfOneDocumentMayDefine() {
        StringBuilder large = new StringBuilder(PROTO).append("enum E { A = 0;");
        for (int i = 1; i <= 30_000; i++) {
            large.append('A').append(i).append('=').append(i).append(';');
        }
        String file = large.append('}').toString();
        String call = with("name: greet.v1.Greeter, host: a.example", "method: SayHello");
        String one = document(call);
        String two = one
                + document(call.replace("greet.proto", "other.proto"))
                        .substring(Documents.HEAD.length() + "do:\n".length())
                        .replace("- a:", "- b:");
        Map<String, String> files = Map.of("greet.proto", file, "other.proto", file);

        assertThat(violations(one, files)).isEmpty();
        assertThat(violations(two, files)).singleElement().asString().contains("more than 50000");
    }

    @Test
    void areCheckedInNoTimeHoweverManyNamesAreUnknown() {
        StringBuilder proto =
                new StringBuilder("syntax = 'proto3'; service Greeter { rpc SayHello(A) returns (A); } message A {");
        for (int i = 1; i <= 18_000; i++) {
            proto.append("bool field_").append(i).append('=').append(i).append(';');
        }
        StringBuilder arguments = new StringBuilder("method: SayHello\narguments:\n");
        for (int i = 1; i <= 10_000; i++) {
            arguments.append("  filed_").append(i).append(": true\n");
        }

        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThat(violations(
                                document(with("name: Greeter, host: h", arguments.toString())),
                                Map.of("greet.proto", proto.append('}').toString())))
                        .hasSize(100));
    }
}
