package dev.sluice.executor.call;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.authentication.Authenticators;
import dev.sluice.executor.definition.Task;
import dev.sluice.executor.definition.WorkflowDocuments;
import dev.sluice.executor.engine.CallFailure;
import dev.sluice.executor.engine.EvaluationThreads;
import dev.sluice.executor.engine.Invocation;
import dev.sluice.executor.engine.Streamer.Element;
import dev.sluice.executor.engine.Streamer.Place;
import dev.sluice.executor.expression.Allowance;
import dev.sluice.executor.expression.Arguments;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.AddressPolicy;
import dev.sluice.shared.outbound.OutboundAccess;
import dev.sluice.shared.outbound.OutboundClient;
import dev.sluice.shared.outbound.OutboundSettings;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.web.KeepReading;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.test.StepVerifier;

/** Streams over sockets: formats, pages, and upstreams that lead nowhere. */
@SuppressWarnings("TimeZoneUsage") // outside the application there is no Clock bean
final class StreamCallsTest {

    private static final OrganizationId ORGANIZATION = new OrganizationId(Ids.next());
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final int LARGEST = 10_000;

    private final OutboundClient client =
            new OutboundClient(OutboundSettings.DEFAULT, OutboundAccess.by(AddressPolicy.of(List.of("127.0.0.0/8"))));
    private final StreamCalls streams = new StreamCalls(new Authenticators(client, Clock.systemUTC()), 10, LARGEST);
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private DisposableServer server = HttpServer.create().port(0).bindNow();

    @AfterEach
    void close() {
        client.close();
        server.disposeNow(DEADLINE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "json-array | [1,{\"a\":2}] | 1 {\"a\":2}",
                "ndjson | 1~{\"a\":2}~ | 1 {\"a\":2}",
                "csv | a,b~1,2~3,4~ | {\"a\":\"1\",\"b\":\"2\"} {\"a\":\"3\",\"b\":\"4\"}",
                "sse | data: 1~~data: x~~ | {\"event\":\"message\",\"id\":\"\",\"data\":1} {\"event\":\"message\",\"id\":\"\",\"data\":\"x\"}",
            })
    void readEachFormat(String format, String body, String expected) {
        serve((request, response) ->
                response.sendString(Flux.fromArray(body.replace('~', '\n').split("(?<=,)", -1))));
        assertThat(texts("format: " + format, Place.START)).containsExactly(expected.split(" ", -1));
    }

    @Test
    void makeElementsOfElements() {
        serve((request, response) -> response.sendString(Mono.just("{\"in\":[1,2]}\n{\"in\":[]}\n{\"in\":[3]}\n")));
        String settings = "format: ndjson, select: '.in[] | select(. != 9)'";
        assertThat(texts(settings, Place.START)).containsExactly("1", "2", "3");
        List<Element> all = elements(settings, Place.START);
        for (int i = 0; i < all.size(); i++) {
            assertThat(elements(settings, all.get(i).after()))
                    .containsExactlyElementsOf(all.subList(i + 1, all.size()));
        }
    }

    @Test
    void goOnBehindAPlace() {
        serve((request, response) -> response.sendString(Flux.range(0, 100).map(i -> i + "\n")));
        List<Element> all = elements("format: ndjson", Place.START);
        assertThat(texts("format: ndjson", all.get(97).after())).containsExactly("98", "99");
        assertThat(texts("format: ndjson", all.get(99).after())).isEmpty();
    }

    @Test
    void followACursorToTheLastPage() {
        serve((request, response) -> response.sendString(Mono.just(
                switch (query(request)) {
                    case "q=a%20b" -> "{\"items\":[1,2],\"next\":\"c/1\"}";
                    case "q=a%20b&cursor=c%2F1" -> "{\"items\":[],\"next\":\"c2\"}";
                    case "q=a%20b&cursor=c2" -> "{\"items\":[3],\"next\":\"\"}";
                    default -> throw new IllegalStateException(query(request));
                })));
        String settings = "format: pages, query: { q: a b }, select: '.items[]',"
                + " pages: { cursor: { from: .next, parameter: cursor } }";
        List<Element> all = elements(settings, Place.START);
        assertThat(all).extracting(element -> element.value().asInt()).containsExactly(1, 2, 3);
        asked.clear();
        assertThat(texts(settings, all.get(1).after())).containsExactly("3");
        assertThat(asked).hasSize(3);
        asked.clear();
        assertThat(texts(settings, all.get(2).after())).isEmpty();
        assertThat(asked).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "offset: { limit: 2 } | offset=0 offset=2 offset=4",
                "offset: { parameter: skip, limitParameter: top, limit: 2 } | top=2&skip=0 top=2&skip=2 top=2&skip=4",
                "page: { } | page=1 page=2 page=3 page=4",
                "page: { parameter: p, first: 0 } | p=0 p=1 p=2 p=3",
            })
    void countPages(String pages, String queries) {
        serve((request, response) -> {
            int number = asked.size() - 1;
            List<Integer> items =
                    number < 2 ? List.of(2 * number, 2 * number + 1) : number == 2 ? List.of(4) : List.of();
            return response.sendString(Mono.just(items.toString()));
        });
        String settings = "format: pages, select: '.[]', pages: { " + pages + " }";
        assertThat(texts(settings, Place.START)).containsExactly("0", "1", "2", "3", "4");
        assertThat(asked).containsExactly(queries.split(" ", -1));
    }

    @Test
    void followLinks() {
        serve((request, response) -> {
            if (query(request).isEmpty()) {
                response.header(
                        "Link", "</x?first>; rel=\"first\", <?at=2>; title=\"a, <b>; rel=next\"; rel=\"other next\"");
            }
            return response.sendString(Mono.just("[" + asked.size() + "]"));
        });
        assertThat(texts("format: pages, select: '.[]', pages: { link: true }", Place.START))
                .containsExactly("1", "2");
        assertThat(asked).containsExactly("", "at=2");
    }

    /** One request after another, each with a key of its own, and none before the page before it is wanted. */
    @Test
    void askForPagesOneByOne() {
        List<String> keys = new CopyOnWriteArrayList<>();
        serve((request, response) -> {
            keys.add(request.requestHeaders().get("Idempotency-Key"));
            return response.sendString(Mono.just("[" + asked.size() + "]"));
        });
        StepVerifier.create(open("format: pages, select: '.[]', pages: { page: { } }", Place.START), 0)
                .thenRequest(3)
                .expectNextCount(3)
                .thenCancel()
                .verify(DEADLINE);
        assertThat(asked.size()).isBetween(3, 4);
        assertThat(keys).doesNotHaveDuplicates().allMatch(key -> key.startsWith("key"));
    }

    @Test
    void goToNoOtherHostAndInNoCircle() {
        serve((request, response) -> response.sendString(Mono.just("{\"next\":\"http://127.0.0.2:1/\"}")));
        fails("format: pages, pages: { cursor: { from: .next } }", 502, "another host");
        serve((request, response) -> response.sendString(Mono.just("{\"next\":\"same\"}")));
        fails("format: pages, pages: { cursor: { from: .next, parameter: c } }", 502, "leads to itself");
        serve((request, response) -> response.sendString(Mono.just("{\"next\":{}}")));
        fails("format: pages, pages: { cursor: { from: .next, parameter: c } }", 502, "no text");
        serve((request, response) -> response.sendString(Mono.just("{\"next\":\"http://[\"}")));
        fails("format: pages, pages: { cursor: { from: .next } }", 502, "no address");
    }

    @Test
    void sayWhatIsWrong() {
        serve((request, response) -> response.status(503).sendString(Mono.just("[1]")));
        fails("format: json-array", 503, "status 503");
        fails("format: pages, pages: { link: true }", 503, "status 503");
        serve((request, response) ->
                response.status(302).header("Location", "/x").send());
        fails("format: ndjson", 302, "status 302");
        serve((request, response) -> response.sendString(Mono.just("[1,")));
        fails("format: json-array", 502, "ends before");
        fails("format: pages, pages: { link: true }", 502, "should be JSON");
        serve((request, response) -> response.sendString(Mono.just("\"" + "x".repeat(LARGEST) + "\"\n")));
        fails("format: ndjson", 502, "longer than");
        serve((request, response) ->
                response.sendString(Mono.just("1\n").concatWith(Mono.error(new IllegalStateException()))));
        fails("format: ndjson", 502, "connection was lost");
    }

    /** Of ten that may be open, one organization has five. */
    @Test
    void areNotAllOneOrganizations() {
        serve((request, response) -> response.sendString(Flux.just("1\n").concatWith(Flux.never())));
        List<Disposable> open = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            open.add(open("format: ndjson", Place.START).subscribe());
        }
        fails("format: ndjson", 503, "Too many streams");
        open.forEach(Disposable::dispose);
        StepVerifier.create(open("format: ndjson", Place.START).take(1))
                .expectNextCount(1)
                .expectComplete()
                .verify(DEADLINE);
    }

    /** A secret that comes back is none that goes on. */
    @Test
    void hideWhatTheyWereAskedWith() {
        serve((request, response) ->
                response.sendString(Mono.just("[\"" + request.requestHeaders().get("Authorization") + "\"]")));
        String secret = "endpoint: { uri: URL, authentication: { bearer: { token: s3cr3t } } }, ";
        assertThat(texts(secret + "format: json-array", Place.START)).containsExactly("\"Bearer ***\"");
        assertThat(texts(secret + "format: pages, select: '.[]', pages: { link: true }", Place.START))
                .containsExactly("\"Bearer ***\"");
    }

    @Test
    void answerAChallenge() {
        serve((request, response) -> request.requestHeaders().get("Authorization") == null
                ? response.status(401)
                        .header("WWW-Authenticate", "Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256")
                        .send()
                : response.sendString(Mono.just("[1]")));
        assertThat(texts(
                        "endpoint: { uri: URL, authentication: { digest: { username: u, password: p } } }, format: json-array",
                        Place.START))
                .containsExactly("1");
        serve((request, response) -> response.status(401).send());
        fails("format: json-array", 401, "status 401");
    }

    private void serve(BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> handler) {
        server.disposeNow(DEADLINE);
        asked.clear();
        server = KeepReading.on(HttpServer.create())
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> {
                    asked.add(query(request));
                    return handler.apply(request, response);
                })
                .bindNow(DEADLINE);
    }

    private static String query(HttpServerRequest request) {
        int at = request.uri().indexOf('?');
        return at < 0 ? "" : request.uri().substring(at + 1);
    }

    private List<String> texts(String settings, Place from) {
        return elements(settings, from).stream()
                .map(element -> Json.text(element.value()))
                .toList();
    }

    private List<Element> elements(String settings, Place from) {
        List<Element> elements = new ArrayList<>();
        StepVerifier.create(open(settings, from))
                .thenConsumeWhile(batch -> true, elements::addAll)
                .expectComplete()
                .verify(DEADLINE);
        return elements;
    }

    private void fails(String settings, int status, String detail) {
        StepVerifier.create(open(settings, Place.START))
                .thenConsumeWhile(batch -> true)
                .expectErrorSatisfies(error -> assertThat(error).isInstanceOfSatisfying(CallFailure.class, failure -> {
                    assertThat(failure.error().status()).isEqualTo(status);
                    assertThat(failure.error().detail()).contains(detail);
                }))
                .verify(DEADLINE);
    }

    private Flux<List<Element>> open(String settings, Place from) {
        String url = "http://127.0.0.1:" + server.port() + "/x";
        String endpoint = settings.contains("endpoint:") ? "" : "endpoint: URL, ";
        String document = """
                document: { dsl: '1.0.3', namespace: test, name: streams, version: '1.0.0' }
                do:
                  - a: { call: stream, with: { method: get, SETTINGS } }
                """.replace("SETTINGS", endpoint + settings).replace("URL", url);
        Task task = WorkflowDocuments.read(document.getBytes(UTF_8), WorkflowDocuments.Format.YAML)
                .tasks()
                .tasks()
                .getFirst();
        return streams.prepare(((Task.ReadStream) task).source(), invocation())
                .flatMapMany(source -> source.open(from));
    }

    private static Invocation invocation() {
        var threads = EvaluationThreads.of(Allowance.LIMITS, 1, 100, Schedulers.parallel());
        return new Invocation(
                ORGANIZATION,
                Json.object(),
                Arguments.NONE,
                threads.of(ORGANIZATION),
                "/do/0/a",
                "key",
                null,
                DEADLINE,
                () -> true);
    }
}
