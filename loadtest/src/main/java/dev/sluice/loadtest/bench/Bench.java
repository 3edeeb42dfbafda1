package dev.sluice.loadtest.bench;

import dev.sluice.loadtest.bench.SluiceApi.Endpoint;
import dev.sluice.loadtest.simulation.ApiRunWithWait;
import dev.sluice.loadtest.simulation.ManyInFlight;
import dev.sluice.loadtest.simulation.WebhookIngest;
import dev.sluice.loadtest.upstream.UpstreamSimulator;
import dev.sluice.loadtest.upstream.UpstreamStats;
import io.gatling.javaapi.core.Simulation;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * Runs the three simulations against the local system and prints one table. The system has to run with rate limits that
 * are out of the way; {@code loadtest/README.md} says which.
 */
public final class Bench {

    private static final Duration UPSTREAM_LATENCY = Duration.ofSeconds(10);

    private final BenchOptions options;
    private final UpstreamSimulator upstream;
    private final SimulationProcess simulations;
    private final PrintStream out;
    private final Map<String, String> target = new HashMap<>();

    private Bench(BenchOptions options, UpstreamSimulator upstream, PrintStream out) {
        this.options = options;
        this.upstream = upstream;
        this.simulations = new SimulationProcess(options.data().resolve("bench"));
        this.out = out;
    }

    /** Ends with status 1 and one sentence when the bench cannot run. */
    public static void main(String[] arguments) {
        PrintStream out = System.out;
        try {
            run(BenchOptions.parse(List.of(arguments)), out);
        } catch (BenchFailure e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static void run(BenchOptions options, PrintStream out) {
        try (UpstreamSimulator upstream = UpstreamSimulator.start("127.0.0.1", UpstreamSimulator.DEFAULT_PORT)
                .onErrorMap(e -> new BenchFailure("The upstream simulator cannot start: " + e.getMessage() + ".", e))
                .blockOptional()
                .orElseThrow()) {
            Report report = new Bench(options, upstream, out).measure();
            out.println();
            out.print(report.markdown());
            Path file = options.data().resolve("bench").resolve("results.md");
            Files.writeString(file, report.markdown());
            out.println("\nAlso in " + file + ".");
        } catch (IOException e) {
            throw new BenchFailure("The results cannot be written: " + e.getMessage() + ".", e);
        }
    }

    private Report measure() {
        prepare();
        Map<String, String> steady = Map.of(
                "users", Integer.toString(options.users()),
                "warmUp", Integer.toString(options.warmUp()),
                "seconds", Integer.toString(options.seconds()));
        Duration steadyTime = Duration.ofSeconds(options.warmUp() + options.seconds());
        Map<String, String> burst = Map.of(
                "users",
                Integer.toString(Math.min(options.users(), options.inFlight())),
                "count",
                Integer.toString(options.inFlight()),
                "seconds",
                "30");
        return new Report(
                List.of(
                        row(WebhookIngest.class, steadyTime, steady, () -> "deliveries of 400 bytes"),
                        row(ApiRunWithWait.class, steadyTime, steady, this::callsMade),
                        row(ManyInFlight.class, Duration.ofSeconds(30), burst, this::awaitRuns)),
                Report.describeMachine(options.warmUp()));
    }

    private void prepare() {
        out.println("Deploying the workflows and creating an endpoint at " + options.gateway());
        String apiKey = options.apiKey();
        try (SluiceApi api = new SluiceApi(options.gateway(), apiKey)) {
            api.deploy("call-once.yaml");
            api.deploy("call-slow.yaml");
            Endpoint endpoint = api.createEndpoint();
            target.putAll(Map.of(
                    "url", options.gateway().toString(),
                    "key", apiKey,
                    "hook", endpoint.path(),
                    "secret", endpoint.secret()));
        }
    }

    private Row row(
            Class<? extends Simulation> simulation,
            Duration time,
            Map<String, String> load,
            Supplier<String> afterwards) {
        out.println(simulation.getSimpleName() + " " + load);
        upstream.reset();
        Usage gateway = new Usage(ServiceProbe.listeningOn(options.gatewayManagementPort()));
        Usage executor = new Usage(ServiceProbe.listeningOn(options.executorManagementPort()));
        Map<String, String> properties = new HashMap<>(target);
        properties.putAll(load);
        JsonNode figures = simulations.run(simulation, time, properties, () -> {
            gateway.sample();
            executor.sample();
        });
        String note = afterwards.get();
        gateway.sample();
        executor.sample();
        return Row.of(simulation.getSimpleName(), figures, gateway, executor, note);
    }

    private String callsMade() {
        UpstreamStats stats = upstream.stats();
        return stats.requests() + " upstream calls, " + stats.repeatedKeys() + " repeated";
    }

    /** Waits until the slow upstream has nothing more to answer: no request for longer than one takes. */
    private String awaitRuns() {
        long quietNanos = UPSTREAM_LATENCY.plusSeconds(2).toNanos();
        long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
        LongSupplier seen = () -> upstream.stats().requests();
        long last = seen.getAsLong();
        long since = System.nanoTime();
        while (System.nanoTime() < deadline
                && (upstream.stats().inFlight() > 0 || System.nanoTime() - since < quietNanos)) {
            pause();
            if (seen.getAsLong() != last) {
                last = seen.getAsLong();
                since = System.nanoTime();
            }
        }
        UpstreamStats stats = upstream.stats();
        return "%d at once at most, %d upstream calls answered, %d repeated"
                .formatted(stats.maxInFlight(), stats.completed(), stats.repeatedKeys());
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchFailure("Interrupted.", e);
        }
    }
}
