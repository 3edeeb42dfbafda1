package dev.sluice.executor.api;

import static dev.sluice.shared.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.executor.api.RunningExecutor.Answer;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** An organization of its own: what it asks of a cluster's first executor, and the events that come to it. Blocks. */
final class Tenant {

    private static final String RUN = "/v1/runs/";

    final Principal principal = RunningExecutor.principal();
    private final Cluster cluster;
    private final RunningExecutor executor;

    Tenant(Cluster cluster) {
        this.cluster = cluster;
        this.executor = cluster.executors.getFirst();
    }

    OrganizationId organization() {
        return principal.organization();
    }

    /** Deploys a workflow of which all but the head is given; its path. */
    @CanIgnoreReturnValue
    String deploy(String name, String body) {
        return executor.deploy(principal, name, body);
    }

    /** Starts a run of a workflow; the run's path. */
    @CanIgnoreReturnValue
    String begin(String workflow, String input) {
        Answer answer = ask("POST", "/v1/workflows/test/" + workflow + "/runs", input);
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        return answer.location();
    }

    /** What a request is answered with; header names and values in turn. */
    Answer ask(String method, String path, @Nullable String body, String... headers) {
        return executor.ask(principal, method, path, body, headers);
    }

    /** What a path shows. */
    JsonNode get(String path) {
        return ask("GET", path, null).json();
    }

    /** The lines of an event stream, as they arrive. */
    Flux<String> lines(String path, String... headers) {
        return executor.lines(principal, path, headers);
    }

    /** Asks for what is done later. */
    void post(String path) {
        assertThat(ask("POST", path, "").status()).isEqualTo(202);
    }

    /** The id that is in a run's path. */
    static String id(String run) {
        assertThat(run).startsWith(RUN);
        return run.substring(RUN.length());
    }

    /** Waits until a run has a status; the run as it is then. */
    @CanIgnoreReturnValue
    JsonNode await(String run, String status) {
        return executor.await(principal, run, status);
    }

    /** Waits until a run has completed; what it has come to. */
    JsonNode output(String run) {
        return await(run, "completed").path("output");
    }

    /** Waits until there are so many runs. */
    void awaitRuns(int count) {
        executor.awaitRuns(principal, count);
    }

    /** Waits until there is a run, and one only; its path. */
    String onlyRun() {
        awaitRuns(1);
        JsonNode runs = get("/v1/runs").path("items");
        assertThat(runs).hasSize(1);
        return RUN + runs.at("/0/id").asString();
    }

    /** Up to a hundred runs of a workflow, the newest first. */
    List<JsonNode> runs(String workflow, String status) {
        return get("/v1/runs?limit=100&status=" + status + "&workflow=test/" + workflow)
                .path("items")
                .valueStream()
                .toList();
    }

    /** What completed runs of a workflow have come to. */
    List<JsonNode> outputs(String workflow) {
        return runs(workflow, "completed").stream()
                .map(run -> get(RUN + run.path("id").asString()).path("output"))
                .toList();
    }

    /** An event comes in, and is handed over. */
    @CanIgnoreReturnValue
    UUID arrive(String type, String data) {
        UUID event = store(type, data);
        publish(List.of(event));
        return event;
    }

    /** An event comes in, and is not handed over yet. */
    UUID store(String type, String data) {
        return cluster.database.event(organization(), type, data);
    }

    /** Events that came in are handed over. */
    void publish(List<UUID> events) {
        cluster.streams.publish(principal, events);
    }

    /** What became of an event with each workflow that it concerns. */
    JsonNode workflows(UUID event) {
        return get("/v1/events/" + event + "/runs").path("workflows");
    }

    /** Why an event has started nothing: one reason for each filter, unless they say the same; empty when it is not received. */
    String reason(UUID event) {
        JsonNode answer = get("/v1/events/" + event + "/runs");
        return answer.path("received").asBoolean()
                ? answer.path("workflows")
                        .valueStream()
                        .map(workflow -> workflow.path("reason").asString(""))
                        .collect(Collectors.joining(" "))
                : "";
    }

    /** The sets of events that a workflow has open, has dropped and has filled. */
    String sets(String workflow) {
        return get(workflow).path("sets").toString();
    }

    /** How many rows of a table of the executor's are the organization's. */
    String rows(String table) {
        return cluster.database.value(
                "select count(*) from workflow." + table + " where organization_id = '" + organization() + "'");
    }

    /** Waits until all lifecycle and emitted events have a receipt and all runs have ended: nothing more will start. */
    void awaitRest() {
        String owner = "organization_id = '" + organization() + "'";
        eventually(() -> cluster.database
                .value("select (select count(*) from workflow.event e where " + owner
                        + " and not exists (select from workflow.inbox i where i.event_id = e.id))"
                        + " + (select count(*) from workflow.run where " + owner + ")")
                .equals("0"));
    }
}
