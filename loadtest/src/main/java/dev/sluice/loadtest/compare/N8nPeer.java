package dev.sluice.loadtest.compare;

import dev.sluice.loadtest.compare.Children.Child;
import dev.sluice.loadtest.compare.RunningPeer.Way;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * n8n in main mode over PostgreSQL. It writes an execution down when it begins and when it has ended, and nothing for each
 * node: it has the calls, and no steps to compare.
 */
final class N8nPeer implements Peer {

    private static final Duration READY = Duration.ofMinutes(3);
    private static final String PROGRAM = "node_modules/n8n/bin/n8n";
    private static final String SETTINGS = "n8n.env";
    private static final String WORKFLOW = "workflow.json";

    private final Workshop workshop;

    N8nPeer(Workshop workshop) {
        this.workshop = workshop;
    }

    @Override
    public String name() {
        return "n8n";
    }

    @Override
    public void install() {
        // Scripts of packages would fetch and build what only other databases and nodes need.
        workshop.npm(name(), "--legacy-peer-deps", "--ignore-scripts");
    }

    @Override
    public RunningPeer start() {
        PeerPostgres postgres = PeerPostgres.start(workshop, name(), workshop.port() + 12);
        Map<String, String> environment = environment(postgres, workshop.emptied(name(), "home"));
        workshop.unpack(name(), WORKFLOW, SETTINGS);
        run("import", environment, "import:workflow", "--input=" + WORKFLOW);
        run("publish", environment, "publish:workflow", "--id=compare");
        Child child = n8n("server", environment, "start");
        URI server = URI.create("http://127.0.0.1:" + (workshop.port() + 10));
        URI webhook = server.resolve("/webhook/calls");
        // It calls itself ready before it knows its webhooks.
        child.awaitReady(HttpRequest.newBuilder(webhook).POST(HttpRequest.BodyPublishers.noBody()), READY);
        Target calls = new Target.Http(webhook, Map.of(), "{}", "upstream-simulator");
        return RunningPeer.over(
                postgres.database(),
                ProcessTree.of(child.pid()),
                List.of(new Way("n8n, main mode", Map.of(Workload.THREE_CALLS, calls))),
                List.of());
    }

    private void run(String what, Map<String, String> environment, String... arguments) {
        n8n(what, environment, arguments).awaitEnd(READY);
    }

    private Child n8n(String what, Map<String, String> environment, String... arguments) {
        Path folder = workshop.of(name());
        return workshop.children()
                .start(
                        name() + "'s " + what,
                        folder,
                        folder.resolve(what + ".log"),
                        environment,
                        Stream.concat(Stream.of("node", "--env-file=" + SETTINGS, PROGRAM), Stream.of(arguments))
                                .toList());
    }

    private Map<String, String> environment(PeerPostgres postgres, Path home) {
        return Map.of(
                "DB_POSTGRESDB_PORT", Integer.toString(postgres.server().port()),
                "DB_POSTGRESDB_PASSWORD", postgres.password(),
                "N8N_PORT", Integer.toString(workshop.port() + 10),
                "N8N_RUNNERS_BROKER_PORT", Integer.toString(workshop.port() + 11),
                "N8N_USER_FOLDER", home.toString());
    }
}
