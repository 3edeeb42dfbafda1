package dev.sluice.executor.definition;

import static dev.sluice.executor.definition.Documents.HEAD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.executor.definition.WorkflowDocuments.Format;
import dev.sluice.executor.expression.Arguments;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.shared.event.CloudEvent;
import dev.sluice.shared.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class WorkflowDocumentsTest {

    @Test
    void givesEachTaskItsReferenceAndAHashOfItsPlace() {
        Workflow workflow = Documents.yaml(HEAD + """
                do:
                  - loop:
                      for: { in: .items }
                      do:
                        - x: { set: { a: 1 }, then: exit }
                  - t:
                      try:
                        - getPet: { wait: PT1S }
                      catch:
                        do:
                          - y: { set: { a: 1 } }
                  - a/b: { do: [] }
                """);
        List<Task> tasks = workflow.tasks().tasks();
        Task.For loop = (Task.For) tasks.get(0);
        Task.Try attempt = (Task.Try) tasks.get(1);
        assertThat(loop.each()).isEqualTo("item");
        assertThat(loop.at()).isEqualTo("index");
        assertThat(loop.base().reference()).isEqualTo("/do/0/loop");
        assertThat(loop.base().placeHash()).isEqualTo(PlaceHash.of("for", "/do/0/loop"));
        assertThat(loop.tasks().tasks().getFirst().base().reference()).isEqualTo("/do/0/loop/do/0/x");
        assertThat(loop.tasks().tasks().getFirst().base().then()).isEqualTo(FlowDirective.EXIT);
        assertThat(attempt.tasks().tasks().getFirst().base().reference()).isEqualTo("/do/1/t/try/0/getPet");
        assertThat(attempt.handler().as()).isEqualTo("error");
        TaskList handling = Objects.requireNonNull(attempt.handler().tasks());
        assertThat(handling.tasks().getFirst().base().reference()).isEqualTo("/do/1/t/catch/do/0/y");
        assertThat(tasks.get(2).base().reference()).isEqualTo("/do/2/a~1b");
        assertThat(PlaceHash.of("set", "/do/0/a")).isEqualTo(656_345_865);
    }

    @Test
    void compilesTheSameFromTheStoredTree() {
        Workflow read = Documents.json("""
                {"document":{"dsl":"1.0.3","namespace":"test","name":"sample","version":"1.0.0"},
                 "do":[{"a":{"set":{"x":"${ .y }"}}}]}
                """);
        Workflow stored = WorkflowDocuments.compile(Json.trusted(Json.bytes(read.source())), new RemoteDocuments());
        assertThat(stored.name()).isEqualTo(new WorkflowName("test", "sample", "1.0.0"));
        assertThat(stored.source()).isEqualTo(read.source());
        Task.Set set = (Task.Set) stored.tasks().tasks().getFirst();
        assertThat(Json.text(set.value().evaluate(json("{\"y\":2}"), Arguments.NONE)))
                .isEqualTo("{\"x\":2}");
    }

    @Test
    void expandsUriTemplatesFromTopLevelProperties() {
        HttpCall call = http("https://a.example/pet/{petId}/{a.b}?q={q}{none}");
        JsonNode input = json("{\"petId\":7,\"a.b\":\"é/ü?\",\"q\":true}");
        assertThat(call.uri().evaluate(input, Arguments.NONE).stringValue())
                .isEqualTo("https://a.example/pet/7/%C3%A9%2F%C3%BC%3F?q=true");
        assertThat(call.uri().evaluate(json("[1]"), Arguments.NONE).stringValue())
                .isEqualTo("https://a.example/pet//?q=");
        assertThatThrownBy(() -> call.uri().evaluate(json("{\"petId\":{}}"), Arguments.NONE))
                .isInstanceOf(ExpressionException.class)
                .hasMessage("{petId} of the URI must be a string, a number or a boolean, not an object");
        assertThat(call.method()).isEqualTo("GET");
        assertThat(call.output()).isEqualTo(HttpCall.Output.CONTENT);
    }

    @Test
    void takesEndpointsFromExpressions() {
        HttpCall call = http("${ \"http://x/\\(.id)\" }");
        assertThat(call.uri().evaluate(json("{\"id\":1}"), Arguments.NONE).stringValue())
                .isEqualTo("http://x/1");
        assertThatThrownBy(() -> http("${ .id }").uri().evaluate(json("{\"id\":1}"), Arguments.NONE))
                .isInstanceOf(ExpressionException.class);
    }

    @Test
    void readsDurationsInAllForms() {
        assertThat(duration("{ days: 1, hours: 2, milliseconds: 5 }", "null"))
                .isEqualTo(Duration.ofHours(26).plusMillis(5));
        assertThat(duration("P1W2DT1H0.5S", "null"))
                .isEqualTo(Duration.ofDays(9).plusHours(1).plusMillis(500));
        assertThat(duration("P1Y2M0.5D", "null")).isEqualTo(Duration.ofDays(425).plusHours(12));
        assertThat(duration("'${ .d }'", "{\"d\":\"PT3S\"}")).isEqualTo(Duration.ofSeconds(3));
        assertThatThrownBy(() -> duration("'${ .d }'", "{\"d\":3}")).isInstanceOf(ExpressionException.class);
        assertThatThrownBy(() -> duration("'${ .d }'", "{\"d\":\"-PT3S\"}")).isInstanceOf(ExpressionException.class);
    }

    @Test
    void resolvesReusableComponents() {
        Workflow workflow = Documents.yaml(HEAD + """
                use:
                  errors: { bad: { type: 'https://a.example/bad', status: 400, detail: '${ .x }' } }
                  retries: { r: { delay: PT1S, backoff: { exponential: {} }, limit: { attempt: { count: 5 } } } }
                  timeouts: { t: { after: PT9S } }
                timeout: t
                do:
                  - a:
                      try:
                        - b: { raise: { error: bad } }
                      catch: { retry: r, errors: { with: { status: 400 } } }
                """);
        DurationValue timeout = Objects.requireNonNull(workflow.timeout());
        assertThat(timeout.resolve(json("null"), Arguments.NONE)).isEqualTo(Duration.ofSeconds(9));
        Task.Try attempt = (Task.Try) workflow.tasks().tasks().getFirst();
        RetryPolicy retry = Objects.requireNonNull(attempt.handler().retry());
        assertThat(retry.backoff()).isEqualTo(RetryPolicy.Backoff.EXPONENTIAL);
        assertThat(retry.maxAttempts()).isEqualTo(5);
        Task.Raise raise = (Task.Raise) attempt.tasks().tasks().getFirst();
        assertThat(Json.text(raise.error().evaluate(json("{\"x\":\"why\"}"), Arguments.NONE)))
                .isEqualTo("{\"type\":\"https://a.example/bad\",\"status\":400,\"detail\":\"why\"}");
    }

    @Test
    void matchesEventsAndSaysWhyNot() {
        EventFilter filter = trigger("""
                type: com.github.push
                source: 'urn:sluice:endpoint:.*'
                subject: ${ .type == "com.github.push" }
                data: { ref: refs/heads/main, size: 2, pusher: { name: '${ startswith("a") }' } }
                """);
        assertThat(filter.type()).isEqualTo("com.github.push");
        assertThat(filter.source()).isNull();
        String good = "{\"ref\":\"refs/heads/main\",\"size\":2.0,\"pusher\":{\"name\":\"ann\"}}";
        assertThat(mismatches(filter, "com.github.push", good)).isEmpty();
        assertThat(mismatches(filter, "com.github.pusha", good))
                .containsExactly(
                        "type is 'com.github.pusha', expected 'com.github.push'",
                        "subject does not satisfy ${ .type == \"com.github.push\" }");
        assertThat(mismatches(filter, "com.github.push", "{\"ref\":\"refs/heads/dev\"}"))
                .containsExactly("data.ref is 'refs/heads/dev', expected 'refs/heads/main'");
        assertThat(mismatches(filter, "com.github.push", good.replace("ann", "bob")))
                .containsExactly("data.pusher.name does not satisfy ${ startswith(\"a\") }");
        assertThat(mismatches(filter, "com.github.push", "[]")).containsExactly("data is [], expected an object");
    }

    @Test
    void takesRegularExpressionsAndExpressionsInFilters() {
        EventFilter filter = trigger("{ type: 'com\\.(a|b)\\..+', data: '${ .temperature > 38 }' }");
        assertThat(filter.type()).isNull();
        assertThat(mismatches(filter, "com.a.x", "{\"temperature\":39}")).isEmpty();
        assertThat(mismatches(filter, "com.c.x", "{\"temperature\":30}"))
                .containsExactly(
                        "type is 'com.c.x', expected a match of 'com\\.(a|b)\\..+'",
                        "data does not satisfy ${ .temperature > 38 }");
        assertThat(mismatches(filter, "com.a.x", "\"hot\"").getFirst())
                .startsWith("data cannot be tested with ${ .temperature > 38 }: Cannot index string");
        assertThat(mismatches(trigger("{ source: 'http://x/?a=1' }"), "any", "1"))
                .containsExactly("source is 'urn:sluice:endpoint:1', expected a match of 'http://x/?a=1'");
    }

    private static HttpCall http(String endpoint) {
        String quoted = endpoint.replace("'", "''");
        Workflow workflow =
                Documents.yaml(HEAD + "do:\n- a: { call: http, with: { method: get, endpoint: '" + quoted + "' } }\n");
        return (HttpCall) ((Task.MakeCall) workflow.tasks().tasks().getFirst()).call();
    }

    private static Duration duration(String text, String input) {
        Workflow workflow = Documents.yaml(HEAD + "do:\n- a: { wait: " + text + " }\n");
        return ((Task.Wait) workflow.tasks().tasks().getFirst()).duration().resolve(json(input), Arguments.NONE);
    }

    @Test
    void readsTriggersThatGoTogether() {
        Workflow workflow = Documents.yaml(Documents.HEAD + """
                schedule:
                  on:
                    all:
                      - with: { type: a }
                        correlate: { order: { from: .data.order }, country: { from: .data.country, expect: DE } }
                      - with: { source: s }
                do: []
                """);

        assertThat(workflow.together()).isTrue();
        assertThat(workflow.triggers()).extracting(EventFilter::type).containsExactly("a", null);
        assertThat(workflow.triggers().getFirst().correlations())
                .extracting(Correlation::name)
                .containsExactly("country", "order");
        assertThat(Documents.yaml(Documents.HEAD + "schedule: { on: { any: [] } }\ndo: []\n")
                        .together())
                .isFalse();
    }

    /** A {@code listen} that each event ends has heard one; what gathers would never begin. */
    @Test
    void refusesTriggersThatEachEventEndsBeforeTheyBegin() {
        assertThat(Documents.violations(
                        Documents.HEAD
                                + "schedule: { on: { any: [ { with: { type: a } } ], until: { any: [] } } }\ndo: []\n",
                        Format.YAML))
                .containsExactly("6:60 /schedule/on/until/any needs an event filter: each event would end what it might"
                        + " have begun, so that no run ever starts");
        assertThat(Documents.violations(
                        Documents.HEAD + "do: [ a: { listen: { to: { any: [], until: { any: [] } } } } ]\n",
                        Format.YAML))
                .isEmpty();
    }

    @Test
    void readsTriggersThatGatherUntilOthersCome() {
        Workflow workflow = Documents.yaml(Documents.HEAD + """
                schedule:
                  on:
                    any:
                      - with: { type: a }
                        correlate: { order: { from: .data.order } }
                      - with: { source: s }
                    until: { all: [ { with: { type: b }, correlate: { order: { from: .data.order } } }, { with: { type: c } } ] }
                do: []
                """);

        assertThat(workflow.together()).isTrue();
        assertThat(workflow.triggers()).extracting(EventFilter::type).containsExactly("a", null, "b", "c");
        assertThat(workflow.triggers())
                .extracting(filter -> filter.correlations().size())
                .containsExactly(1, 0, 1, 0);
        assertThat(workflow.on())
                .isInstanceOfSatisfying(
                        Consumption.Any.class, any -> assertThat(any.until()).isInstanceOf(Consumption.All.class));
    }

    private static EventFilter trigger(String with) {
        String body = HEAD + "do: []\nschedule:\n  on:\n    one:\n      with:\n" + with.indent(8);
        return Documents.yaml(body).triggers().getFirst();
    }

    private static List<String> mismatches(EventFilter filter, String type, String data) {
        CloudEvent event =
                new CloudEvent(new UUID(1, 2), "urn:sluice:endpoint:1", type, null, Instant.EPOCH, json(data));
        return filter.matchers().stream()
                .map(matcher -> matcher.mismatch(event.envelope()))
                .flatMap(Optional::stream)
                .toList();
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8));
    }
}
