package dev.sluice.loadtest.simulation;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.http.HttpDsl.http;

import java.util.function.Function;

/** Runs of {@code bench/call-once} whose caller waits for the output: one HTTP call to the simulator each. */
public final class ApiRunWithWait extends Recorded {

    /** Reads the system properties and sets the load up. */
    public ApiRunWithWait() {
        super(Settings.fromSystemProperties());
        load(
                Function.identity(),
                http("run and wait")
                        .post("/v1/workflows/bench/call-once/runs")
                        .header("Authorization", "Bearer " + settings().apiKey())
                        .header("Content-Type", "application/json")
                        .header("Prefer", "wait=10")
                        .body(StringBody("{}")),
                200);
    }
}
