package dev.sluice.executor.definition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.executor.definition.WorkflowDocuments.Format;
import dev.sluice.shared.problem.SluiceException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code call: stream} as it is compiled, and what is refused. */
final class StreamCompilerTest {

    private static final String PLAIN = "method: get, endpoint: https://a.example/";

    @Test
    void hasItsDefaults() {
        Task.ReadStream stream = (Task.ReadStream) read("stream", PLAIN + ", format: ndjson");
        assertThat(stream.source().format()).isEqualTo(StreamCall.Format.NDJSON);
        assertThat(stream.source().pages()).isNull();
        assertThat(stream.source().select()).isNull();
        assertThat(stream.item()).isEqualTo("item");
        assertThat(stream.at()).isEqualTo("index");
        assertThat(stream.concurrency()).isEqualTo(1);
        assertThat(stream.collect()).isEqualTo(StreamCall.Collect.NONE);
        assertThat(stream.tasks().tasks()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cursor: { from: .next, parameter: c } | Cursor",
                "cursor: { from: '${ .next }' } | Cursor",
                "offset: { limit: 10 } | Offset",
                "page: { first: 0 } | Page",
                "link: true | Link"
            })
    void findsPages(String pages, String type) {
        Task.ReadStream stream = (Task.ReadStream)
                read("stream", PLAIN + ", format: pages, select: '.[]', pages: { " + pages + " }, collect: count");
        assertThat(stream.source().pages())
                .isNotNull()
                .extracting(found -> found.getClass().getSimpleName())
                .isEqualTo(type);
    }

    /** It is of the default catalog, unless the author has another one, or a function of that name. */
    @Test
    void givesWayToWhatAnAuthorHas() {
        assertThat(read("stream:1.0.0@default", PLAIN + ", format: ndjson")).isInstanceOf(Task.ReadStream.class);
        String own = """
                document: { dsl: '1.0.3', namespace: test, name: own, version: '1.0.0' }
                use: { functions: { stream: { set: { mine: true } } } }
                do: [ { a: { call: stream } } ]
                """;
        assertThat(compiled(own)).isInstanceOf(Task.CallFunction.class);
        String catalog = """
                document: { dsl: '1.0.3', namespace: test, name: own, version: '1.0.0' }
                use: { catalogs: { default: { endpoint: https://catalog.example } } }
                do: [ { a: { call: 'stream:1.0.0@default' } } ]
                """;
        RemoteDocuments remote = new RemoteDocuments();
        var _ = WorkflowDocuments.read(catalog.getBytes(UTF_8), Format.YAML, remote);
        assertThat(remote.missing())
                .extracting(missing -> missing.uri().toString())
                .containsExactly("https://catalog.example/functions/stream/1.0.0/function.yaml");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "PLAIN | /do/0/a/with | 'format' is missing",
                "PLAIN, format: nd-json | /do/0/a/with/format | must be one of json-array, ndjson, sse, csv, pages, not 'nd-json' (did you mean 'ndjson'?)",
                "method: get, format: csv | /do/0/a/with | 'endpoint' is missing",
                "PLAIN, format: csv, output: raw | /do/0/a/with/output | unknown property 'output'",
                "PLAIN, format: csv, pages: { link: true } | /do/0/a/with/pages | is of no use without 'format: pages'",
                "PLAIN, format: pages | /do/0/a/with | 'pages' is missing, which says how a page leads to the next one",
                "PLAIN, format: pages, pages: { link: false } | /do/0/a/with/pages | needs one of cursor, offset, page, and link: true",
                "PLAIN, format: pages, select: '.[]', pages: { link: true, page: {} } | /do/0/a/with/pages | needs one of cursor, offset, page, and link: true",
                "PLAIN, format: pages, pages: { cursor: {} } | /do/0/a/with/pages/cursor | 'from' is missing",
                "PLAIN, format: pages, select: '.[]', pages: { offset: {} } | /do/0/a/with/pages/offset | 'limit' is missing",
                "PLAIN, format: csv, select: '${ .a, }' | /do/0/a/with/select | syntax",
                "PLAIN, format: csv, select: '.a) , (.b' | /do/0/a/with/select | syntax",
                "PLAIN, format: pages, pages: { page: {} } | /do/0/a/with | 'select' is missing, which says what a page has",
                "PLAIN, format: csv, collect: all | /do/0/a/with/collect | must be one of none, count, array, not 'all'",
                "PLAIN, format: csv, limit: 5 | /do/0/a/with/limit | is of no use without 'collect: array'",
                "PLAIN, format: csv, collect: array, limit: 10001 | /do/0/a/with/limit | must be a whole number from 1 to 10000",
                "PLAIN, format: csv, concurrency: 2 | /do/0/a/with/concurrency | is of no use without 'do'",
                "PLAIN, format: csv, item: index | /do/0/a/with | 'item' and 'at' must be different names",
                "PLAIN, format: csv, do: [ { b: { set: { x: $item } } } ], itme: x | /do/0/a/with/itme | unknown property 'itme' (did you mean 'item'?)",
                "PLAIN, format: csv, concurrency: 2, do: [ { b: { set: { x: 1 }, export: { as: . } } } ] | /do/0/a/with/do/0/b/export | iterations that run at the same time cannot export",
                "PLAIN, format: csv, do: [ { b: { set: { x: '${ $other }' } } } ] | /do/0/a/with/do/0/b/set/x | other",
            })
    void saysWhatIsWrong(String with, String pointer, String reason) {
        SluiceException refused =
                catchThrowableOfType(SluiceException.class, () -> read("stream", with.replace("PLAIN", PLAIN)));
        assertThat(refused).isNotNull();
        assertThat(refused.violations()).hasSize(1).first().satisfies(violation -> {
            assertThat(violation.pointer()).isEqualTo(pointer);
            assertThat(violation.detail()).contains(reason);
        });
    }

    private static Task read(String function, String with) {
        return compiled("""
                document: { dsl: '1.0.3', namespace: test, name: streams, version: '1.0.0' }
                do:
                  - a: { call: 'FUNCTION', with: { WITH } }
                """.replace("FUNCTION", function).replace("WITH", with));
    }

    private static Task compiled(String document) {
        List<Task> tasks = WorkflowDocuments.read(document.getBytes(UTF_8), Format.YAML)
                .tasks()
                .tasks();
        return tasks.getFirst();
    }
}
