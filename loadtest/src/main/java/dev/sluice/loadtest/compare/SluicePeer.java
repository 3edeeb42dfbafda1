package dev.sluice.loadtest.compare;

import dev.sluice.loadtest.compare.RunningPeer.Way;
import java.net.URI;
import java.net.http.HttpRequest;
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
        LocalSluice sluice = LocalSluice.start(workshop, name(), environment());
        URI gateway = sluice.gateway();
        String key = sluice.key();
        Stream.of(Workload.values()).forEach(workload -> deploy(gateway, key, yaml(workload)));
        deploy(gateway, key, workshop.resource("sluice/waiting.yaml"));
        deploy(gateway, key, workshop.resource("sluice/calling.yaml"));
        PeerDatabase database = workshop.children().keep(database(sluice.data()));
        long pid = sluice.child().pid();
        RunFootprint footprint = new RunFootprint(gateway.resolve("/v1/workflows/compare/"), key, pid, database);
        return RunningPeer.over(
                database,
                ProcessTree.of(pid),
                List.of(new Way("Sluice, public API", targets(gateway, key))),
                List.of(footprint::waiting, footprint::inFlight));
    }

    private Map<String, String> environment() {
        Map<String, String> variables = new HashMap<>();
        for (String bound : List.of("KEY", "ORGANIZATION", "ENDPOINT")) {
            variables.put("SLUICE_ADMISSION_" + bound + "_RATE", NO_LIMIT);
            variables.put("SLUICE_ADMISSION_" + bound + "_BURST", NO_LIMIT);
        }
        variables.put("SLUICE_OUTBOUND_ALLOW", "127.0.0.1:" + workshop.upstream());
        // The calls whose memory is measured last longer than that takes.
        variables.put("SLUICE_EXECUTOR_CALLTIMEOUT", "120s");
        return variables;
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
        List<String> lines = LocalSluice.read(postgres.resolve("data").resolve("postmaster.pid"))
                .lines()
                .toList();
        return PeerDatabase.connect(
                Integer.parseInt(lines.get(3).strip()),
                LocalSluice.read(data.resolve("secrets").resolve("postgres")),
                Long.parseLong(lines.get(0).strip()),
                postgres.resolve("postgres.log"));
    }
}
