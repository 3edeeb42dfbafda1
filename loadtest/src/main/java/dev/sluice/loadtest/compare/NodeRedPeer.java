package dev.sluice.loadtest.compare;

import dev.sluice.loadtest.compare.Children.Child;
import dev.sluice.loadtest.compare.RunningPeer.Way;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Node-RED, where a message in flight is in memory only: it has the calls, and no durable steps to compare. */
final class NodeRedPeer implements Peer {

    private static final Duration READY = Duration.ofMinutes(1);

    private final Workshop workshop;

    NodeRedPeer(Workshop workshop) {
        this.workshop = workshop;
    }

    @Override
    public String name() {
        return "node-red";
    }

    @Override
    public void install() {
        workshop.npm(name());
    }

    @Override
    public RunningPeer start() {
        Path folder = workshop.of(name());
        // It writes to the flows it is given.
        workshop.unpack(name(), "settings.js", "flows.json");
        String port = Integer.toString(workshop.port() + 8);
        Child child = workshop.children()
                .start(
                        name(),
                        folder,
                        folder.resolve("node-red.log"),
                        Map.of(),
                        List.of(
                                "node",
                                "node_modules/node-red/red.js",
                                "--userDir",
                                folder.toString(),
                                "--settings",
                                folder.resolve("settings.js").toString(),
                                "--port",
                                port));
        URI server = URI.create("http://127.0.0.1:" + port);
        child.awaitReady(server.resolve("/settings"), READY);
        Target calls = new Target.Http(server.resolve("/calls"), Map.of(), "{}", "upstream-simulator");
        return RunningPeer.alone(
                ProcessTree.of(child.pid()),
                List.of(new Way("Node-RED, not durable", Map.of(Workload.THREE_CALLS, calls))));
    }
}
