package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import dev.sluice.gateway.RunningGateway.Answer;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.testing.TestPostgres;
import java.net.http.HttpRequest.BodyPublishers;
import java.security.InvalidKeyException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.util.encoders.Base32;

/** What people do at a gateway that has another one beside it. All methods block. */
record People(RunningGateway gateway, RunningGateway neighbour) implements AutoCloseable {

    static final String PASSWORD = "correct horse battery";

    /** On a database of their own. */
    static People start(String... settings) {
        PostgresSettings database = TestPostgres.freshDatabase();
        return new People(RunningGateway.start(database, settings), RunningGateway.start(database, settings));
    }

    @Override
    public void close() {
        gateway.close();
        neighbour.close();
    }

    /** Somebody who has just accepted an invitation and logged in. */
    String member(String owner, String email, String role) {
        assertThat(accept(invite(owner, email, role), "Somebody").status()).isEqualTo(201);
        return logIn(email, PASSWORD).json().path("session").stringValue();
    }

    String person(String session) {
        return gateway.getAs(session, "/v1/session")
                .json()
                .path("person")
                .path("id")
                .stringValue();
    }

    String invite(String key, String email, String role) {
        return invitation(key, email, role, "P1D").json().path("token").stringValue();
    }

    Answer invitation(String key, String email, String role, String validity) {
        return gateway.postAs(
                key,
                "/v1/invitations",
                "{\"email\":\"" + email + "\",\"role\":\"" + role + "\",\"validity\":\"" + validity + "\"}");
    }

    Answer accept(String token, String name) {
        return accept(token, name, PASSWORD);
    }

    Answer accept(String token, String name, String password) {
        return gateway.post(
                "/v1/invitations:accept",
                "{\"token\":\"" + token + "\",\"name\":\"" + name + "\",\"password\":\"" + password + "\"}",
                "Content-Type",
                "application/json");
    }

    Answer logIn(String email, String password) {
        return gateway.post(
                "/v1/sessions",
                "{\"email\":\"" + email + "\",\"password\":\"" + password + "\"}",
                "Content-Type",
                "application/json");
    }

    /** With what stands for a password, and perhaps a code. */
    Answer logInBy(String token, String... more) {
        String code = more.length == 0 ? "" : ",\"" + more[0] + "\":\"" + more[1] + "\"";
        return gateway.post(
                "/v1/sessions", "{\"login\":\"" + token + "\"" + code + "}", "Content-Type", "application/json");
    }

    /** Gives somebody a second factor; the secret of their app. */
    byte[] secondFactor(String session) {
        String password = "{\"password\":\"" + PASSWORD + "\"";
        String secret = gateway.postAs(session, "/v1/account/second-factor", password + "}")
                .json()
                .path("secret")
                .stringValue();
        byte[] key = Base32.decode(secret);
        String body = password + ",\"newCode\":\"" + code(key, 0) + "\"}";
        assertThat(gateway.postAs(session, "/v1/account/second-factor:confirm", body)
                        .status())
                .isEqualTo(200);
        return key;
    }

    /** What an app shows so many steps from now. */
    String code(byte[] secret, int steps) {
        try {
            var generator = new TimeBasedOneTimePasswordGenerator();
            return generator.generateOneTimePasswordString(
                    new SecretKeySpec(secret, generator.getAlgorithm()),
                    gateway.now().plus(generator.getTimeStep().multipliedBy(steps)));
        } catch (InvalidKeyException e) {
            throw new IllegalStateException(e);
        }
    }

    Answer logIn(String email, String field, String code) {
        return gateway.post(
                "/v1/sessions",
                "{\"email\":\"" + email + "\",\"password\":\"" + PASSWORD + "\",\"" + field + "\":\"" + code + "\"}",
                "Content-Type",
                "application/json");
    }

    Answer reset(String token, String password) {
        return gateway.post(
                "/v1/account/password:reset",
                "{\"token\":\"" + token + "\",\"password\":\"" + password + "\"}",
                "Content-Type",
                "application/json");
    }

    Answer put(String key, String path, String body) {
        return gateway.send(
                gateway.request(path).PUT(BodyPublishers.ofString(body)),
                "Authorization",
                "Bearer " + key,
                "Content-Type",
                "application/json");
    }

    Answer delete(String key, String path) {
        return gateway.send(gateway.request(path).DELETE(), "Authorization", "Bearer " + key);
    }

    List<String> actions(String owner) {
        return gateway.getAs(owner, "/v1/audit")
                .json()
                .path("items")
                .valueStream()
                .map(entry -> entry.path("action").stringValue())
                .toList();
    }

    /** What each of so many who do it at once gets. */
    static <T> List<T> atOnce(int count, IntFunction<T> work) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
            List<CompletableFuture<T>> all = IntStream.range(0, count)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> work.apply(i), threads))
                    .toList();
            List<T> results = new ArrayList<>();
            for (CompletableFuture<T> each : all) {
                results.add(each.get());
            }
            return results;
        }
    }

    /** Within a second, where the machine does nothing else; AccessIT measures that. */
    static void awaitSoon(BooleanSupplier condition) {
        await(Duration.ofSeconds(20), condition);
    }

    static void await(BooleanSupplier condition) {
        await(Duration.ofSeconds(30), condition);
    }

    static void await(Duration patience, BooleanSupplier condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("nothing happened in %s", patience).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
