package dev.sluice.shared.badfixture;

import java.sql.Connection;
import java.util.List;
import java.util.logging.Logger;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Breaks what {@code ArchitectureRules} forbid, so that their canary sees them fail. Its package has no package-info. */
@SuppressWarnings("all")
public final class BadManager {
    private static final ThreadLocal<String> STATE = new ThreadLocal<>();
    private final Logger logger = Logger.getLogger("bad");

    public dev.sluice.gateway.badfixture.GatewayThing service() {
        return new dev.sluice.gateway.badfixture.GatewayThing();
    }

    void jdbc(Connection connection) throws java.sql.SQLException {
        connection.commit();
    }

    List<String> waits(Flux<String> words) throws InterruptedException {
        Thread.sleep(1);
        System.out.println(STATE.get());
        return words.onErrorContinue((error, word) -> {}).collectList().block();
    }

    Stream<String> waitsByReference(Stream<Mono<String>> words) {
        return words.map(Mono::block);
    }
}
