package dev.sluice.loadtest.compare;

import dev.sluice.loadtest.compare.Children.Child;
import dev.sluice.loadtest.compare.RunningPeer.Way;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Sluice as {@code ./sluice up} starts it, asked through its public API: gateway, executor, PostgreSQL, Redis. */
final class SluicePeer implements Peer {

    private static final Duration READY = Duration.ofMinutes(5);
    private static final String NO_LIMIT = "1000000";

    private final Workshop workshop;

    SluicePeer(Workshop workshop) {
        this.workshop = workshop;
    }

    @Override
    public String name() {
        return "sluice";
    }

    @Override
    public void install() {
        // It is built already: ./sluice does that before it starts the comparison.
    }

    @Override
    public RunningPeer start() {
        Path data = workshop.emptied(name(), "data");
        int port = workshop.port();
        Child child = workshop.children()
                .start(
                        name(),
                        workshop.home(),
                        workshop.of(name()).resolve("sluice.log"),
                        environment(),
                        command(data));
        URI gateway = URI.create("http://127.0.0.1:" + port);
        child.awaitReady(URI.create("http://127.0.0.1:" + (port + 1_000) + "/actuator/health/readiness"), READY);
        String key = read(data.resolve("secrets").resolve("admin-api-key"));
        Stream.of(Workload.values()).forEach(workload -> deploy(gateway, key, yaml(workload)));
        deploy(gateway, key, workshop.resource("sluice/waiting.yaml"));
        deploy(gateway, key, workshop.resource("sluice/calling.yaml"));
        PeerDatabase database = workshop.children().keep(database(data));
        RunFootprint footprint =
                new RunFootprint(gateway.resolve("/v1/workflows/compare/"), key, child.pid(), database);
        return RunningPeer.over(
                database,
                ProcessTree.of(child.pid()),
                List.of(new Way("Sluice, public API", targets(gateway, key))),
                List.of(footprint::waiting, footprint::inFlight));
    }

    private Map<String, String> environment() {
        Map<String, String> variables = new HashMap<>();
        for (String bound : List.of("KEY", "ORGANIZATION", "ENDPOINT")) {
            variables.put("SLUICE_ADMISSION_" + bound + "_RATE", NO_LIMIT);
            variables.put("SLUICE_ADMISSION_" + bound + "_BURST", NO_LIMIT);
        }
        variables.put("SLUICE_HOME", workshop.home().toString());
        variables.put("SLUICE_OUTBOUND_ALLOW", "127.0.0.1:" + workshop.upstream());
        // The calls whose memory is measured last longer than that takes.
        variables.put("SLUICE_EXECUTOR_CALLTIMEOUT", "120s");
        return variables;
    }

    private List<String> command(Path data) {
        Path target = workshop.home().resolve("shared").resolve("target");
        String classPath = jar(target) + ":" + target.resolve("lib") + "/*";
        return List.of(
                Workshop.java("java"),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-Dlogback.configurationFile=local/logback.xml",
                "-cp",
                classPath,
                "dev.sluice.shared.local.LocalCommand",
                "up",
                "--gateway-port=" + workshop.port(),
                "--executor-port=" + (workshop.port() + 1),
                "--data=" + data);
    }

    private static Map<Workload, Target> targets(URI gateway, String key) {
        Map<String, String> headers = Map.of("Authorization", "Bearer " + key, "Prefer", "wait=20");
        return Stream.of(Workload.values())
                .collect(Collectors.toMap(
                        workload -> workload,
                        workload -> new Target.Http(
                                gateway.resolve("/v1/workflows/compare/" + document(workload) + "/runs"),
                                headers,
                                "{}",
                                workload == Workload.THREE_CALLS ? "upstream-simulator" : ":" + workload.steps())));
    }

    private static void deploy(URI gateway, String key, String document) {
        HttpRequest request = HttpRequest.newBuilder(gateway.resolve("/v1/workflows"))
                .timeout(Duration.ofSeconds(15))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/yaml")
                .POST(HttpRequest.BodyPublishers.ofString(document))
                .build();
        Preparation.send("Sluice", request);
    }

    private String yaml(Workload workload) {
        String task = workshop.resource(workload == Workload.THREE_CALLS ? "sluice/call.yaml" : "sluice/step.yaml");
        return workshop.resource("sluice/workflow.yaml").replace("@name@", document(workload))
                + IntStream.rangeClosed(1, workload.steps())
                        .mapToObj(number -> task.replace("@number@", Integer.toString(number)))
                        .collect(Collectors.joining());
    }

    private static String document(Workload workload) {
        return workload.title().toLowerCase(Locale.ROOT).replace(' ', '-');
    }

    /** The embedded server of the data folder; where it listens and who it is stand in its {@code postmaster.pid}. */
    private static PeerDatabase database(Path data) {
        Path postgres = data.resolve("postgres");
        List<String> lines =
                read(postgres.resolve("data").resolve("postmaster.pid")).lines().toList();
        return PeerDatabase.connect(
                Integer.parseInt(lines.get(3).strip()),
                read(data.resolve("secrets").resolve("postgres")),
                Long.parseLong(lines.get(0).strip()),
                postgres.resolve("postgres.log"));
    }

    private static Path jar(Path target) {
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.getFileName().toString().matches("shared-[^-]+(-SNAPSHOT)?\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new CompareFailure("Sluice is not built: there is no jar in " + target + "."));
        } catch (IOException e) {
            throw new CompareFailure("Sluice is not built: " + target + " cannot be read.", e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new CompareFailure(file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }
}
