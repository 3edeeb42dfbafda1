package dev.sluice.loadtest.simulation;

import static io.gatling.javaapi.core.CoreDsl.asLongAs;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.responseTimeInMillis;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.time.Duration;
import java.util.function.Function;

/** A number of users who each send one request after the other until time or count is used up, all of it recorded. */
abstract class Recorded extends Simulation {

    /** Time for the answers that are still to come when sending has ended. */
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(30);

    private final Settings settings;
    private final Recording recording;

    Recorded(Settings settings) {
        this.settings = settings;
        this.recording = new Recording(settings.warmUp(), settings.time());
    }

    /** Sends {@code request} with what {@code prepare} puts into the session; any status but the expected is an error. */
    final void load(Function<Session, Session> prepare, HttpRequestActionBuilder request, int expectedStatus) {
        ChainBuilder once = exec(prepare)
                .exec(request.check(
                        status().is(expectedStatus), responseTimeInMillis().saveAs(Recording.MILLIS)))
                .exec(recording::record);
        ChainBuilder all =
                asLongAs(session -> recording.startAnother(settings.count())).on(once);
        setUp(scenario(getClass().getSimpleName())
                        .exec(all)
                        .injectOpen(rampUsers(settings.users()).during(Duration.ofSeconds(1))))
                .protocols(protocol())
                .maxDuration(settings.warmUp().plus(settings.time()).plus(LAST_ANSWERS));
    }

    final Settings settings() {
        return settings;
    }

    @Override
    public final void after() {
        recording.write(settings.result());
    }

    private HttpProtocolBuilder protocol() {
        return http.baseUrl(settings.url().toString()).disableWarmUp().disableCaching();
    }
}
