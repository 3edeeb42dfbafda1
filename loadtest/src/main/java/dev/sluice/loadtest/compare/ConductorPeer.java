package dev.sluice.loadtest.compare;

import dev.sluice.loadtest.compare.Children.Child;
import dev.sluice.loadtest.compare.RunningPeer.Way;
import dev.sluice.shared.embedded.EmbeddedRedisServer;
import dev.sluice.shared.embedded.EmbeddedRedisSettings;
import dev.sluice.shared.embedded.EmbeddedServerException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Conductor's server over the Redis that Sluice embeds. It answers with an id when a workflow has begun, so whoever wants
 * to know its end asks again and again.
 */
final class ConductorPeer implements Peer {

    private static final Duration READY = Duration.ofMinutes(3);
    /** When 64 callers asked every 20 ms, answering them took the server a third of its throughput. */
    private static final Duration ASK_EVERY = Duration.ofMillis(100);

    private static final String SETTINGS = "conductor.properties";

    private final Workshop workshop;

    ConductorPeer(Workshop workshop) {
        this.workshop = workshop;
    }

    @Override
    public String name() {
        return "conductor";
    }

    @Override
    public void install() {
        workshop.maven(name());
        workshop.unpack(name(), SETTINGS);
    }

    @Override
    public RunningPeer start() {
        String password = UUID.randomUUID().toString();
        EmbeddedRedisServer redis = redis(password);
        URI server = URI.create("http://127.0.0.1:" + (workshop.port() + 13));
        Child child = server(server.getPort(), redis, password);
        child.awaitReady(server.resolve("/health"), READY);
        Stream.of(Workload.values()).forEach(workload -> deploy(server, definition(workload)));
        return new RunningPeer(
                List.of(new Way("Conductor, HTTP", targets(server))),
                ProcessTree.of(child.pid()),
                Optional.of(ProcessTree.of(redis.pid())),
                Optional.empty(),
                List.of());
    }

    private EmbeddedRedisServer redis(String password) {
        var settings = new EmbeddedRedisSettings(
                workshop.emptied(name(), "store"), workshop.of("binaries"), workshop.port() + 14, password);
        try {
            return workshop.children().keep(EmbeddedRedisServer.start(settings));
        } catch (EmbeddedServerException e) {
            throw new CompareFailure("Conductor has no Redis: " + e.getMessage(), e);
        }
    }

    private Child server(int port, EmbeddedRedisServer redis, String password) {
        Path folder = workshop.of(name());
        return workshop.children()
                .start(
                        name(),
                        folder,
                        folder.resolve("conductor.log"),
                        Map.of("PEER_PASSWORD", password, "PEER_REDIS_PORT", Integer.toString(redis.port())),
                        List.of(
                                Workshop.java("java"),
                                "-Xmx1g",
                                "-XX:+UseCompactObjectHeaders",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                "lib/*",
                                "org.springframework.boot.loader.JarLauncher",
                                "--server.port=" + port,
                                "--spring.config.additional-location=file:" + SETTINGS));
    }

    private static void deploy(URI server, String definition) {
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/api/metadata/workflow"))
                .timeout(READY)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(definition))
                .build();
        Preparation.send("Conductor", request);
    }

    /** A workflow that hands each task what the one before it made, and answers with what the last one made. */
    String definition(Workload workload) {
        boolean calls = workload == Workload.THREE_CALLS;
        String task = workshop.resource(calls ? "conductor/call.json" : "conductor/step.json");
        String tasks = IntStream.rangeClosed(1, workload.steps())
                .mapToObj(number ->
                        task.replace("@number@", Integer.toString(number)).replace("@before@", result(number - 1)))
                .collect(Collectors.joining(","));
        return workshop.resource("conductor/workflow.json")
                .replace("@name@", document(workload))
                .replace("@tasks@", tasks)
                .replace("@answer@", calls ? "${task3.output.response.body}" : result(workload.steps()));
    }

    private static String result(int step) {
        return step == 0 ? "${workflow.input.count}" : "${task" + step + ".output.result}";
    }

    private static String document(Workload workload) {
        return workload.title().toLowerCase(Locale.ROOT).replace(' ', '-');
    }

    private static Map<Workload, Target> targets(URI server) {
        return Stream.of(Workload.values())
                .collect(Collectors.toMap(workload -> workload, workload -> target(server, workload)));
    }

    private static Target target(URI server, Workload workload) {
        String expected = workload == Workload.THREE_CALLS ? "upstream-simulator" : "{\"answer\":" + workload.steps();
        var start = new Target.Http(
                server.resolve("/api/workflow/" + document(workload)), Map.of(), "{\"count\":0}", expected);
        return new Target.Polled(
                start,
                id -> server.resolve("/api/workflow/" + id + "?includeTasks=false")
                        .toString(),
                ASK_EVERY,
                "\"status\":\"RUNNING\"");
    }
}
