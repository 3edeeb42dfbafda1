package dev.sluice.loadtest.simulation;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.http.HttpDsl.http;

import java.util.function.Function;

/** Starts of {@code bench/call-slow}, whose upstream takes ten seconds: what is started within that time is in flight at once. */
public final class ManyInFlight extends Recorded {

    /** Reads the system properties and sets the load up. */
    public ManyInFlight() {
        super(Settings.fromSystemProperties());
        load(
                Function.identity(),
                http("start")
                        .post("/v1/workflows/bench/call-slow/runs")
                        .header("Authorization", "Bearer " + settings().apiKey())
                        .header("Content-Type", "application/json")
                        .body(StringBody("{}")),
                202);
    }
}
