package dev.sluice.loadtest.proxy;

import dev.sluice.loadtest.compare.Children.Child;
import dev.sluice.loadtest.compare.CompareFailure;
import dev.sluice.loadtest.compare.LocalSluice;
import dev.sluice.loadtest.compare.Preparation;
import dev.sluice.loadtest.compare.ProcessTree;
import dev.sluice.loadtest.compare.Workshop;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Starts the upstream and the proxies in front of it; all of it is the workshop's children's to stop. */
final class Proxies {

    private static final String FOLDER = "proxy";
    private static final Duration READY = Duration.ofMinutes(1);
    private static final String NO_LIMIT = "1000000";

    /** What {@code ./sluice up} gives the gateway. */
    private static final String HEAP = "-Xmx512m";

    private static final URI ORGANIZATION = URI.create("/api/00000000-0000-7000-8000-000000000001/");

    private final Workshop workshop;

    Proxies(Workshop workshop) {
        this.workshop = workshop;
    }

    /** An nginx that answers everything by itself; it is needed, and named when it is not there. */
    void startUpstream() {
        Child upstream = nginx("upstream.conf", workshop.upstream())
                .orElseThrow(() -> new CompareFailure("nginx is the upstream: install it (Debian's package nginx)."));
        upstream.awaitReady(URI.create("http://127.0.0.1:" + workshop.upstream() + "/"), READY);
    }

    Optional<Contender> nginx() {
        int port = workshop.port() + 2;
        return nginx("nginx.conf", port).map(child -> ready("nginx", port, child));
    }

    Optional<Contender> haproxy() {
        int port = workshop.port() + 3;
        return find("haproxy").map(program -> {
            Path settings = settings("haproxy.cfg", port);
            return ready("HAProxy", port, start("haproxy", List.of(program, "-f", settings.toString())));
        });
    }

    /** Spring Cloud Gateway of the version that Sluice has, with one route and nothing else. */
    Contender bareGateway() {
        workshop.maven(FOLDER);
        workshop.unpack(FOLDER, "BareGateway.java");
        workshop.install(FOLDER, Map.of(), Workshop.java("javac"), "-cp", "lib/*", "-d", "classes", "BareGateway.java");
        int port = workshop.port() + 4;
        Child child = start(
                "bare-gateway",
                List.of(
                        Workshop.java("java"),
                        HEAP,
                        "-XX:+UseCompactObjectHeaders",
                        "-cp",
                        "classes:lib/*",
                        "bare.BareGateway",
                        Integer.toString(port),
                        upstream()));
        return ready("Spring Cloud Gateway, bare", port, child);
    }

    /** Sluice with a route that takes a key and has limits, so that also changes and denials would be in its audit log. */
    Contender everythingOn() {
        LocalSluice sluice = LocalSluice.start(workshop, "sluice-proxy", environment());
        publish(sluice, "guarded", "\"limits\":{\"route\":{\"perSecond\":" + NO_LIMIT + "},\"concurrent\":10000}");
        return new Contender(
                "Sluice, everything on",
                target(sluice, "guarded/x"),
                List.of("Authorization: Bearer " + sluice.key()),
                gateway(sluice));
    }

    /** Another Sluice, without meters, with a route that takes anyone and has no limits of its own. */
    Contender allOff() {
        Map<String, String> environment = environment();
        environment.put("MANAGEMENT_DEFAULTS_METRICS_EXPORT_ENABLED", "false");
        environment.put("MANAGEMENT_PROMETHEUS_METRICS_EXPORT_ENABLED", "false");
        LocalSluice sluice = LocalSluice.start(workshop, "sluice-proxy-off", workshop.port() + 5, environment);
        publish(sluice, "open", "\"open\":true,\"limits\":{\"concurrent\":10000}");
        return new Contender("Sluice, all off", target(sluice, "open/x"), List.of(), gateway(sluice));
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        for (String bound : List.of("KEY", "ORGANIZATION")) {
            environment.put("SLUICE_ADMISSION_" + bound + "_RATE", NO_LIMIT);
            environment.put("SLUICE_ADMISSION_" + bound + "_BURST", NO_LIMIT);
        }
        environment.put("SLUICE_OUTBOUND_ALLOW", "127.0.0.1:" + workshop.upstream());
        return environment;
    }

    private static URI target(LocalSluice sluice, String path) {
        return sluice.gateway().resolve(ORGANIZATION).resolve(path);
    }

    private void publish(LocalSluice sluice, String name, String terms) {
        String route = "{\"path\":\"/" + name + "/**\",\"upstream\":\"" + upstream() + "\"," + terms + "}";
        HttpRequest request = HttpRequest.newBuilder(sluice.gateway().resolve("/v1/routes/" + name))
                .timeout(READY)
                .header("Authorization", "Bearer " + sluice.key())
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(route))
                .build();
        Preparation.send("Sluice", request);
    }

    /** Of all that Sluice starts, the gateway alone is on the way of a request. */
    private static ProcessTree gateway(LocalSluice sluice) {
        long[] pids = ProcessHandle.of(sluice.child().pid()).stream()
                .flatMap(ProcessHandle::descendants)
                .filter(process -> process.info()
                        .command()
                        .filter(name -> name.endsWith("java"))
                        .isPresent())
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains("gateway-"))
                        .isPresent())
                .mapToLong(ProcessHandle::pid)
                .toArray();
        if (pids.length == 0) {
            throw new CompareFailure("The gateway's process is not found.");
        }
        return ProcessTree.of(pids);
    }

    private Optional<Child> nginx(String file, int port) {
        return find("nginx").map(program -> {
            Path settings = settings(file, port);
            String folder = workshop.of(FOLDER).toString();
            return start(file, List.of(program, "-p", folder, "-c", settings.toString()));
        });
    }

    private Path settings(String file, int port) {
        String text = workshop.resource(FOLDER + "/" + file)
                .replace("@port@", Integer.toString(port))
                .replace("@proxied@", Integer.toString(workshop.upstream()));
        Path path = workshop.of(FOLDER).resolve(file);
        try {
            return Files.writeString(path, text);
        } catch (IOException e) {
            throw new CompareFailure(path + " cannot be written: " + e.getMessage() + ".", e);
        }
    }

    private Child start(String name, List<String> command) {
        Path folder = workshop.of(FOLDER);
        return workshop.children().start(name, folder, folder.resolve(name + ".log"), Map.of(), command);
    }

    private static Contender ready(String title, int port, Child child) {
        URI target = URI.create("http://127.0.0.1:" + port + "/x");
        child.awaitReady(target, READY);
        return new Contender(title, target, List.of(), ProcessTree.of(child.pid()));
    }

    private String upstream() {
        return "http://127.0.0.1:" + workshop.upstream();
    }

    /** Debian has servers where only root looks for programs. */
    private static Optional<String> find(String program) {
        return Stream.concat(Stream.of(System.getenv("PATH").split(File.pathSeparator, -1)), Stream.of("/usr/sbin"))
                .map(place -> Path.of(place, program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }
}
