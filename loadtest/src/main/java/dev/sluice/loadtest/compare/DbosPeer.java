package dev.sluice.loadtest.compare;

import dev.sluice.loadtest.compare.Children.Child;
import dev.sluice.loadtest.compare.RunningPeer.Way;
import dev.sluice.shared.embedded.EmbeddedPostgresServer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * DBOS Transact, a library inside the program that uses it, over the same embedded PostgreSQL as Sluice. It is measured
 * twice: behind the HTTP server that comes with Java, by the driver all peers share; and in its own process, where
 * nothing is between load and engine.
 */
final class DbosPeer implements Peer {

    private static final Duration READY = Duration.ofMinutes(1);
    private static final String PROGRAM = "DbosProgram.java";

    private final Workshop workshop;

    DbosPeer(Workshop workshop) {
        this.workshop = workshop;
    }

    @Override
    public String name() {
        return "dbos";
    }

    @Override
    public void install() {
        workshop.maven(name());
        workshop.unpack(name(), PROGRAM);
        workshop.install(name(), Map.of(), Workshop.java("javac"), "-cp", "lib/*", "-d", "classes", PROGRAM);
    }

    @Override
    public RunningPeer start() {
        PeerPostgres postgres = PeerPostgres.start(workshop, name(), workshop.port() + 2);
        int port = workshop.port() + 3;
        Child child = workshop.children()
                .start(
                        name(),
                        workshop.of(name()),
                        workshop.of(name()).resolve("dbos.log"),
                        Map.of("PEER_PASSWORD", postgres.password()),
                        List.of(
                                Workshop.java("java"),
                                "-Xmx1g",
                                "-XX:+UseCompactObjectHeaders",
                                "-cp",
                                "classes:lib/*",
                                "DbosProgram",
                                Integer.toString(port),
                                "jdbc:" + postgres.server().url(EmbeddedPostgresServer.DATABASE)));
        child.awaitReady(URI.create("http://127.0.0.1:" + port + "/ready"), READY);
        return RunningPeer.over(
                postgres.database(), ProcessTree.of(child.pid()), ways("http://127.0.0.1:" + port), List.of());
    }

    private static List<Way> ways(String server) {
        Map<Workload, Target> http = Stream.of(Workload.values())
                .collect(Collectors.toMap(
                        workload -> workload,
                        workload -> new Target.Http(
                                URI.create(server + "/run?" + query(workload)),
                                Map.of(),
                                "",
                                workload == Workload.THREE_CALLS
                                        ? "upstream-simulator"
                                        : Integer.toString(workload.steps()))));
        Map<Workload, Target> own = Stream.of(Workload.values())
                .collect(Collectors.toMap(
                        workload -> workload,
                        workload -> new Target.InProcess(URI.create(server + "/load?" + query(workload)))));
        return List.of(new Way("DBOS, in process", own), new Way("DBOS behind HTTP", http));
    }

    private static String query(Workload workload) {
        return (workload == Workload.THREE_CALLS ? "calls" : "steps") + "&number=" + workload.steps();
    }
}
