package dev.sluice.loadtest.compare;

import dev.sluice.loadtest.compare.Children.Child;
import dev.sluice.loadtest.compare.RunningPeer.Way;
import dev.sluice.shared.embedded.EmbeddedPostgresServer;
import dev.sluice.shared.embedded.EmbeddedPostgresSettings;
import dev.sluice.shared.embedded.EmbeddedServerException;
import dev.sluice.shared.postgres.DatabaseRole;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
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
        Path folder = workshop.of(name());
        if (workshop.isNew(name(), "pom.xml") || !Files.exists(folder.resolve("lib"))) {
            workshop.unpack(name(), "pom.xml");
            workshop.install(
                    name(),
                    Map.of("JAVA_HOME", System.getProperty("java.home")),
                    workshop.home().resolve("mvnw").toString(),
                    "-B",
                    "-q",
                    "dependency:copy-dependencies",
                    "-DoutputDirectory=lib");
        }
        workshop.unpack(name(), PROGRAM);
        workshop.install(name(), Map.of(), Workshop.java("javac"), "-cp", "lib/*", "-d", "classes", PROGRAM);
    }

    @Override
    public RunningPeer start() {
        String password = UUID.randomUUID().toString();
        Path store = workshop.emptied(name(), "store");
        EmbeddedPostgresServer postgres = postgres(store, password);
        PeerDatabase database = workshop.children()
                .keep(PeerDatabase.connect(postgres.port(), password, postgres.pid(), store.resolve("postgres.log")));
        int port = workshop.port() + 3;
        Child child = workshop.children()
                .start(
                        name(),
                        workshop.of(name()),
                        workshop.of(name()).resolve("dbos.log"),
                        Map.of("PEER_PASSWORD", password),
                        List.of(
                                Workshop.java("java"),
                                "-Xmx1g",
                                "-XX:+UseCompactObjectHeaders",
                                "-cp",
                                "classes:lib/*",
                                "DbosProgram",
                                Integer.toString(port),
                                "jdbc:" + postgres.url(EmbeddedPostgresServer.DATABASE)));
        child.awaitReady(URI.create("http://127.0.0.1:" + port + "/ready"), READY);
        return new RunningPeer(
                ways("http://127.0.0.1:" + port), ProcessTree.of(child.pid()), Optional.of(database), List.of());
    }

    private EmbeddedPostgresServer postgres(Path store, String password) {
        var settings = new EmbeddedPostgresSettings(
                store, workshop.of("binaries"), workshop.port() + 2, true, password, passwords());
        try {
            return workshop.children().keep(EmbeddedPostgresServer.start(settings));
        } catch (EmbeddedServerException e) {
            throw new CompareFailure("DBOS has no database: " + e.getMessage(), e);
        }
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

    private static Map<DatabaseRole, String> passwords() {
        return Arrays.stream(DatabaseRole.values())
                .collect(
                        Collectors.toMap(role -> role, role -> UUID.randomUUID().toString()));
    }
}
