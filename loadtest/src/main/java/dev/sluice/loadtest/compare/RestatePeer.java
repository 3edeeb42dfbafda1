package dev.sluice.loadtest.compare;

import dev.sluice.loadtest.compare.Children.Child;
import dev.sluice.loadtest.compare.RunningPeer.Way;
import dev.sluice.shared.json.Json;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Restate's server, which keeps its own store, and one Node.js process with the handlers. */
final class RestatePeer implements Peer {

    private static final Duration READY = Duration.ofMinutes(1);
    private static final String SERVICE = "service.js";

    private final Workshop workshop;

    RestatePeer(Workshop workshop) {
        this.workshop = workshop;
    }

    @Override
    public String name() {
        return "restate";
    }

    @Override
    public void install() {
        workshop.npm(name());
        workshop.unpack(name(), SERVICE);
    }

    @Override
    public RunningPeer start() {
        Path folder = workshop.of(name());
        int handlers = workshop.port() + 4;
        int ingress = workshop.port() + 5;
        int admin = workshop.port() + 6;
        Child service = workshop.children()
                .start(
                        "restate's handlers",
                        folder,
                        folder.resolve("service.log"),
                        Map.of(),
                        List.of("node", SERVICE, Integer.toString(handlers)));
        Child server = workshop.children()
                .start(
                        name(),
                        folder,
                        folder.resolve("server.log"),
                        environment(ingress, admin),
                        List.of(
                                "node_modules/.bin/restate-server",
                                "--base-dir",
                                workshop.emptied(name(), "store").toString()));
        server.awaitReady(URI.create("http://127.0.0.1:" + admin + "/health"), READY);
        server.awaitReady(URI.create("http://127.0.0.1:" + ingress + "/restate/health"), READY);
        register(admin, handlers);
        return RunningPeer.alone(
                ProcessTree.of(server.pid(), service.pid()),
                List.of(new Way("Restate, ingress", targets("http://127.0.0.1:" + ingress))));
    }

    private Map<String, String> environment(int ingress, int admin) {
        return Map.of(
                "RESTATE_LISTEN_MODE", "tcp",
                "RESTATE_BIND_IP", "127.0.0.1",
                "RESTATE_BIND_PORT", Integer.toString(workshop.port() + 7),
                "RESTATE_ADVERTISED_HOST", "127.0.0.1",
                "RESTATE_INGRESS__BIND_ADDRESS", "127.0.0.1:" + ingress,
                "RESTATE_ADMIN__BIND_ADDRESS", "127.0.0.1:" + admin,
                "RESTATE_LOG_FILTER", "warn",
                "DO_NOT_TRACK", "1");
    }

    private static void register(int admin, int handlers) {
        byte[] body = Json.bytes(Json.object().put("uri", "http://127.0.0.1:" + handlers));
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin + "/deployments"))
                .timeout(READY)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        Preparation.send("Restate", request);
    }

    private static Map<Workload, Target> targets(String ingress) {
        return Stream.of(Workload.values())
                .collect(Collectors.toMap(
                        workload -> workload,
                        workload -> new Target.Http(
                                URI.create(
                                        ingress + "/compare/" + (workload == Workload.THREE_CALLS ? "calls" : "steps")),
                                Map.of(),
                                Integer.toString(workload.steps()),
                                workload == Workload.THREE_CALLS ? "upstream-simulator" : ":" + workload.steps())));
    }
}
