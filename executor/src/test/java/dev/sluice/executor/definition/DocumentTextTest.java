package dev.sluice.executor.definition;

import static dev.sluice.executor.definition.Documents.HEAD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.executor.definition.WorkflowDocuments.Format;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DocumentTextTest {

    @Test
    void takesByteOrderMarkCrLfAndTabsInText() {
        String text = "\uFEFF" + HEAD + "do:\n  - a:\n      set:\n        x: |\n          a\tb\n";
        Workflow workflow = Documents.yaml(text.replace("\n", "\r\n"));
        assertThat(workflow.source().at("/do/0/a/set/x").stringValue()).isEqualTo("a\tb\n");
    }

    @Test
    void readsScalarsOfTheCoreSchema() {
        Workflow workflow = Documents.yaml(HEAD + """
                do:
                  - a:
                      set:
                        v: [ 1, -2, 0x1F, 0o17, 1.50, .5, 1e3, true, False, null, ~, yes, on, 2024-01-01, '5', 1_000, 012 ]
                        big: 123456789012345678901234567890
                        empty:
                """);
        assertThat(Json.text(workflow.source().at("/do/0/a/set/v")))
                .isEqualTo("[1,-2,31,15,1.50,0.5,1E+3,true,false,null,null,\"yes\",\"on\",\"2024-01-01\",\"5\","
                        + "\"1_000\",12]");
        assertThat(Json.text(workflow.source().at("/do/0/a/set/big"))).isEqualTo("123456789012345678901234567890");
        assertThat(workflow.source().at("/do/0/a/set/empty").isNull()).isTrue();
        assertThat(Json.trusted(Json.bytes(workflow.source()))).isEqualTo(workflow.source());
    }

    @Test
    void refusesWhatYamlHasAndJsonHasNot() {
        assertThat(Documents.violations("""
                        a: &anchor [1]
                        b: *anchor
                        1: x
                        c: .inf
                        d: !!java.net.URL x
                        a: again
                        ? [1, 2]
                        : y
                        """, Format.YAML))
                .satisfiesExactly(
                        v -> assertThat(v).startsWith("1:4 /a anchors and aliases are not accepted, because"),
                        v -> assertThat(v).startsWith("2:4 /b anchors and aliases are not accepted, because"),
                        v -> assertThat(v).isEqualTo("3:1  keys must be strings; put quotes around the key"),
                        v -> assertThat(v).isEqualTo("4:4 /c '.inf' is not a number that JSON has"),
                        v -> assertThat(v).isEqualTo("5:4 /d the tag tag:yaml.org,2002:java.net.URL is not accepted"),
                        v -> assertThat(v).isEqualTo("6:1 /a duplicate property 'a'"),
                        v -> assertThat(v).isEqualTo("7:3  keys must be strings; put quotes around the key"));
    }

    @Test
    void refusesAliasBombsWithoutExpandingThem() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 60; i++) {
            String before = "*a" + (i - 1);
            bomb.append("a%d: &a%d [%s]%n".formatted(i, i, String.join(",", List.of(before, before, before, before))));
        }
        assertThat(Documents.violations(bomb.toString(), Format.YAML))
                .hasSize(100)
                .allMatch(violation -> violation.contains("anchors and aliases are not accepted"));
    }

    @Test
    void refusesDeepNestingWithItsPlace() {
        assertThat(Documents.violations("[".repeat(10_000), Format.JSON))
                .singleElement()
                .asString()
                .startsWith("1:201 ")
                .endsWith(" nested deeper than 200 levels");
        assertThat(Documents.violations("[".repeat(10_000), Format.YAML))
                .singleElement()
                .asString()
                .startsWith("1:201 ")
                .endsWith(" nested deeper than 200 levels");
        StringBuilder block = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            block.append(" ".repeat(i)).append("a:\n");
        }
        assertThat(Documents.violations(block.toString(), Format.YAML))
                .singleElement()
                .asString()
                .startsWith("201:201 ");
        assertThat(Documents.violations("- ".repeat(10_000) + "x", Format.YAML)).hasSize(1);
        assertThat(Documents.violations("{\"a\":".repeat(10_000), Format.JSON)).hasSize(1);
    }

    @Test
    void tellsWhereSyntaxBreaks() {
        assertThat(Documents.violations("a: [1, 2\nb: 3\n", Format.YAML))
                .singleElement()
                .asString()
                .startsWith("2:2  the YAML is malformed: ");
        assertThat(Documents.violations("a:\n\t- 1\n", Format.YAML))
                .singleElement()
                .asString()
                .startsWith("2:1  the YAML is malformed: ");
        assertThat(Documents.violations("{\"a\": 1,\n \"b\" 2}", Format.JSON))
                .singleElement()
                .asString()
                .startsWith("2:6  the JSON is malformed: ");
        assertThat(Documents.violations("", Format.YAML)).containsExactly("1:1  the document is empty");
        assertThat(Documents.violations("# nothing\n", Format.YAML)).containsExactly("1:1  the document is empty");
        assertThat(Documents.violations(" ", Format.JSON)).containsExactly("1:1  the document is empty");
        assertThat(Documents.violations("{} {}", Format.JSON))
                .first()
                .asString()
                .contains("after the document");
        assertThat(Documents.violations("{\"a\":1,\"a\":2}", Format.JSON))
                .containsExactly("1:8 /a duplicate property 'a'");
        assertThat(Documents.violations("a: 1\n---\nb: 2\n", Format.YAML))
                .containsExactly("3:1  there is a second document; one is expected");
        assertThat(Documents.violations("just text", Format.YAML))
                .containsExactly("1:1  must be an object, not a string");
    }

    @Test
    void refusesTextThatIsNotUtf8() {
        assertThatThrownBy(() -> WorkflowDocuments.read(new byte[] {'a', (byte) 0xC3, '('}, Format.YAML))
                .isInstanceOf(SluiceException.class)
                .satisfies(e -> assertThat(
                                ((SluiceException) e).violations().getFirst().detail())
                        .isEqualTo("the text is not UTF-8"));
    }

    @Test
    void refusesDocumentsThatAreTooLarge() {
        assertThatThrownBy(() -> WorkflowDocuments.read(new byte[WorkflowDocuments.MAX_BYTES + 1], Format.JSON))
                .isInstanceOfSatisfying(
                        SluiceException.class, e -> assertThat(e.type()).isEqualTo(ProblemType.PAYLOAD_TOO_LARGE));
    }
}
