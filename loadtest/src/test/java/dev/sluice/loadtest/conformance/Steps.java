package dev.sluice.loadtest.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.conformance.Execution.TaskEvent;
import dev.sluice.loadtest.drill.Api.Answer;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.testing.TestTls;
import io.cucumber.docstring.DocString;
import io.cucumber.java.After;
import io.cucumber.java.en.Given;
import io.cucumber.java.en.Then;
import io.cucumber.java.en.When;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The steps that the CTK defines, and a few of the project's own, of one scenario. */
public final class Steps {

    private static final Pattern QUOTED = Pattern.compile("'([^']*)'");

    private @Nullable Tenant tenant;
    private @Nullable String workflow;
    private @Nullable Answer offered;
    private @Nullable Execution execution;
    private JsonNode input = Json.object();

    /** Nothing goes on behind the back of the next scenario. */
    @After
    public void leaveNothing() {
        if (execution != null && !execution.hasEnded()) {
            execution.cancel();
        }
    }

    @Given("a workflow with definition:")
    public void aWorkflow(DocString definition) {
        workflow = tenant().deploy(definition.getContent());
    }

    @Given("another workflow with definition:")
    public void anotherWorkflow(DocString definition) {
        var _ = tenant().deploy(definition.getContent());
    }

    @Given("a secret {word} with value:")
    public void aSecret(String name, DocString value) {
        tenant().keep(name, Yaml.read(value.getContent()));
    }

    @Given("a secret {word} with a certificate and its key")
    public void aCertificate(String name) {
        TestTls client = TestedSystem.client();
        tenant().keep(name, Json.object().put("chain", client.certificatePem()).put("key", client.keyPem()));
    }

    @Given("^(?:given )?the workflow input is:$")
    public void theInput(DocString value) {
        input = Yaml.read(value.getContent());
    }

    @When("a workflow is deployed with definition:")
    public void offer(DocString definition) {
        offered = tenant().offer(definition.getContent());
    }

    @When("the workflow is executed")
    public void execute() {
        execution = start().awaitEnd();
    }

    @When("the workflow is executed and cancelled during {word}")
    public void executeAndCancel(String task) {
        execution = start().awaitStart(task);
        execution.cancel();
        var _ = execution.awaitEnd();
    }

    /** For nothing else than this. */
    @Then("the workflow should be refused at {string} because {string}")
    public void refused(String pointer, String reason) {
        Answer answer = Objects.requireNonNull(offered, "no workflow was deployed");
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(400);
        assertThat(answer.body().path("errors").valueStream())
                .as("%s", answer.body())
                .isNotEmpty()
                .allMatch(violation -> violation.path("pointer").asString().equals(pointer))
                .allMatch(violation -> violation.path("detail").asString().contains(reason));
    }

    @When("the workflow is executed, suspended during {word} and resumed")
    public void executeAndSuspend(String task) {
        execution = start().awaitStart(task);
        execution.suspendAndResume();
        var _ = execution.awaitEnd();
    }

    @Then("the workflow should complete")
    public void completes() {
        var _ = endsAs("completed");
    }

    @Then("the workflow should complete with output:")
    public void completesWith(DocString expected) {
        assertSame("the output", endsAs("completed").path("output"), expected);
    }

    @Then("the workflow should fault")
    public void faults() {
        var _ = endsAs("faulted");
    }

    /** Each property that is given; there may be others, such as a detail. */
    @Then("the workflow should fault with error:")
    public void faultsWith(DocString expected) {
        assertHas(endsAs("faulted").path("error"), Yaml.read(expected.getContent()));
    }

    @Then("the workflow should cancel")
    public void cancels() {
        var _ = endsAs("cancelled");
    }

    @Then("^the workflow output should have properties ('[^']*'(?:, *'[^']*')*)$")
    public void outputHas(String paths) {
        assertHasProperties(endsAs("completed").path("output"), paths);
    }

    @Then("the workflow output should have a {string} property with value:")
    public void outputHasWithValue(String path, DocString expected) {
        assertSame(path, property(endsAs("completed").path("output"), path), expected);
    }

    @Then("the workflow output should have a {string} property containing {int} item(s)")
    public void outputHasItems(String path, int count) {
        JsonNode actual = property(endsAs("completed").path("output"), path);
        assertThat(actual.isArray())
                .as("%s: %s (expected: a list)", path, actual)
                .isTrue();
        assertThat(actual.valueStream().toList()).as(path).hasSize(count);
    }

    @Then("^the event ([a-z0-9.-]+) should have properties ('[^']*'(?:, *'[^']*')*)$")
    public void eventHas(String type, String paths) {
        JsonNode data = execution()
                .event(type)
                .orElseThrow(() -> new AssertionError("There was no event " + type + ": " + execution()));
        assertHasProperties(data, paths);
    }

    @Then("nothing that is told of the workflow should contain {string}")
    public void doesNotTell(String text) {
        assertThat(execution().told()).doesNotContain(text);
    }

    @Then("the workflow should take at least {int} milliseconds")
    public void takesAtLeast(int millis) {
        assertThat(execution().duration()).isGreaterThanOrEqualTo(Duration.ofMillis(millis));
    }

    @Then("{word} should run first")
    public void runsFirst(String task) {
        assertThat(execution().started()).first().isEqualTo(task);
    }

    @Then("{word} should run last")
    public void runsLast(String task) {
        assertThat(execution().started()).last().isEqualTo(task);
    }

    @Then("{word} should run before {word}")
    public void runsBefore(String earlier, String later) {
        List<String> started = execution().started();
        assertThat(started).contains(earlier, later);
        assertThat(started.indexOf(earlier)).as("%s", started).isLessThan(started.indexOf(later));
    }

    @Then("{word} should run after {word}")
    public void runsAfter(String later, String earlier) {
        runsBefore(earlier, later);
    }

    @Then("{word} should not run")
    public void doesNotRun(String task) {
        assertThat(execution().started()).doesNotContain(task);
    }

    @Then("{word} should run {int} time(s)")
    public void runsTimes(String task, int times) {
        assertThat(execution().started()).filteredOn(task::equals).hasSize(times);
    }

    @Then("{word} should cancel")
    public void taskCancels(String task) {
        assertThat(last(task).verb()).as("%s", execution()).isEqualTo("cancelled");
    }

    @Then("{word} should complete")
    public void taskCompletes(String task) {
        assertThat(last(task).verb()).as("%s", execution()).isEqualTo("completed");
    }

    @Then("{word} should complete with output:")
    public void taskCompletesWith(String task, DocString expected) {
        taskCompletes(task);
        assertThat(execution().output(task))
                .as("the output of %s, which is known of tasks that are journaled", task)
                .hasValueSatisfying(output -> assertSame(task, output, expected));
    }

    @Then("{word} should fault")
    public void taskFaults(String task) {
        assertThat(last(task).verb()).as("%s", execution()).isEqualTo("faulted");
    }

    @Then("{word} should fault with error:")
    public void taskFaultsWith(String task, DocString expected) {
        taskFaults(task);
        assertHas(last(task).data().path("error"), Yaml.read(expected.getContent()));
    }

    private Tenant tenant() {
        if (tenant == null) {
            tenant = TestedSystem.newTenant();
        }
        return tenant;
    }

    private Execution start() {
        return tenant().start(Objects.requireNonNull(workflow, "no workflow was defined"), input);
    }

    private Execution execution() {
        return Objects.requireNonNull(execution, "the workflow was not executed");
    }

    private TaskEvent last(String task) {
        return execution().last(task).orElseThrow(() -> new AssertionError(task + " did not run: " + execution()));
    }

    private JsonNode endsAs(String status) {
        JsonNode run = execution().run();
        assertThat(run.path("status").asString()).as("%s", run).isEqualTo(status);
        return run;
    }

    private static void assertHasProperties(JsonNode root, String paths) {
        for (String path :
                QUOTED.matcher(paths).results().map(MatchResult::group).toList()) {
            var _ = property(root, path.substring(1, path.length() - 1));
        }
    }

    private static JsonNode property(JsonNode root, String path) {
        JsonNode value = Yaml.at(root, path);
        assertThat(value.isMissingNode())
                .as("'%s' is missing in %s", path, root)
                .isFalse();
        return value;
    }

    private static void assertSame(String what, JsonNode actual, DocString expected) {
        JsonNode wanted = Yaml.read(expected.getContent());
        assertThat(Yaml.same(wanted, actual))
                .as("%s: %s (expected: %s)", what, actual, wanted)
                .isTrue();
    }

    private static void assertHas(JsonNode actual, JsonNode expected) {
        assertThat(Yaml.has(actual, expected))
                .as("%s (expected: %s)", actual, expected)
                .isTrue();
    }
}
