package dev.sluice.shared.local;

import dev.sluice.shared.json.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The main job in one go: a signed GitHub push comes in, a workflow calls an API, and its events stream out. */
final class Demo {
    private static final String WORKFLOW = "examples/review-push";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(100);

    private final String gateway;
    private final String apiKey;
    private final Path examples;
    private final Progress progress;
    private final Shutdown shutdown;

    /** @param gateway its URL */
    Demo(String gateway, String apiKey, Path home, Progress progress, Shutdown shutdown) {
        this.gateway = gateway;
        this.apiKey = apiKey;
        this.examples = home.resolve("docs/examples");
        this.progress = progress;
        this.shutdown = shutdown;
    }

    void run() {
        try (DemoUpstream upstream = DemoUpstream.start();
                ApiClient api = new ApiClient(gateway, apiKey)) {
            progress.line("0. Opened the tracker that the workflow calls: " + upstream.url());
            deploy(api);
            JsonNode endpoint = createEndpoint(api);
            String eventId = push(api, endpoint);
            String run = awaitRun(api, eventId);
            follow(api, run);
            show(api, run);
        }
    }

    private void deploy(ApiClient api) {
        JsonNode deployed = api.post("/v1/workflows", "application/yaml", read("review-push.yaml"));
        progress.line("1. Deployed the workflow %s %s (docs/examples/review-push.yaml)"
                .formatted(WORKFLOW, text(deployed, "version")));
    }

    private JsonNode createEndpoint(ApiClient api) {
        var body = Json.object();
        body.put("name", "demo-" + UUID.randomUUID().toString().substring(0, 8));
        body.put("source", "github");
        JsonNode endpoint = api.post("/v1/endpoints", "application/json", Json.bytes(body));
        progress.line("2. Created the webhook endpoint %s".formatted(text(endpoint, "name")));
        return endpoint;
    }

    private String push(ApiClient api, JsonNode endpoint) {
        byte[] payload = read("github-push.json");
        String signature = GitHubSignature.of(text(endpoint, "secret"), payload);
        // The public address may be one that this machine cannot reach; the path is the same.
        URI hook = URI.create(gateway + URI.create(text(endpoint, "url")).getPath());
        JsonNode accepted = api.deliver(
                hook,
                Map.of(
                        "X-GitHub-Event",
                        "push",
                        "X-GitHub-Delivery",
                        UUID.randomUUID().toString(),
                        "X-Hub-Signature-256",
                        signature,
                        "User-Agent",
                        "GitHub-Hookshot/044aadd"),
                payload);
        progress.line("3. Posted a signed GitHub push of %d bytes: accepted as event %s"
                .formatted(payload.length, text(accepted, "eventId")));
        return text(accepted, "eventId");
    }

    private String awaitRun(ApiClient api, String eventId) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < PATIENCE.toNanos()) {
            Optional<String> run = startedRun(api.get("/v1/events/" + eventId));
            if (run.isPresent()) {
                progress.line("4. The event started run %s; its events:".formatted(run.get()));
                return run.get();
            }
            shutdown.pause(POLL);
        }
        throw new LocalFailure("The event " + eventId + " started no run: " + api.get("/v1/events/" + eventId) + ".");
    }

    private static Optional<String> startedRun(JsonNode event) {
        return event.path("workflows")
                .valueStream()
                .filter(workflow -> WORKFLOW.equals(text(workflow, "namespace") + "/" + text(workflow, "name")))
                .map(workflow -> text(workflow, "runId"))
                .filter(id -> !id.isEmpty())
                .findFirst();
    }

    private void follow(ApiClient api, String run) {
        try (Stream<String> lines = api.stream("/v1/runs/" + run + "/events")) {
            lines.filter(line -> line.startsWith("data:"))
                    .map(line -> Json.trusted(line.substring("data:".length()).getBytes(StandardCharsets.UTF_8)))
                    .forEach(this::showEvent);
        }
    }

    private void showEvent(JsonNode event) {
        progress.line("     %-28s %-46s %s"
                .formatted(text(event, "time"), text(event, "type"), text(event.path("data"), "task")));
    }

    private void show(ApiClient api, String run) {
        JsonNode result = api.get("/v1/runs/" + run);
        progress.line("5. The run is %s. Its output:\n%s"
                .formatted(text(result, "status"), result.path("output").toPrettyString()));
        if (!"completed".equals(text(result, "status"))) {
            throw new LocalFailure("The run did not complete: " + result.path("error") + ".");
        }
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asString("");
    }

    private byte[] read(String example) {
        try {
            return Files.readAllBytes(examples.resolve(example));
        } catch (IOException e) {
            throw new LocalFailure("The example " + examples.resolve(example) + " cannot be read.", e);
        }
    }
}
