package dev.sluice.shared.local;

import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.LoginTrial;
import dev.sluice.shared.postgres.PostgresAddress;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Servers that were not started here, tried with each login before the services are, so that one sentence says why not. */
final class ExternalServers {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private ExternalServers() {}

    /** Connects once with each login. */
    static void requirePostgres(String url, Map<String, String> environment) {
        List<String> missing = Stream.of(DatabaseRole.values())
                .map(Backends::variable)
                .filter(name -> !environment.containsKey(name))
                .toList();
        if (!missing.isEmpty()) {
            throw new LocalFailure("SLUICE_POSTGRES_URL is set, so the passwords of its logins are needed too: "
                    + String.join(", ", missing) + ".");
        }
        for (DatabaseRole role : DatabaseRole.values()) {
            tryLogin(url, role, environment.getOrDefault(Backends.variable(role), ""));
        }
    }

    /** Connects once, with the password of the URL. */
    static void requireRedis(String url) {
        RedisURI uri = redisUri(url);
        uri.setTimeout(PATIENCE);
        try (RedisClient client = RedisClient.create(uri);
                var connection = client.connect()) {
            if (!"PONG".equals(connection.sync().ping())) {
                throw redisFailure(uri, "does not answer", null);
            }
        } catch (RedisException e) {
            throw redisFailure(uri, reason(e), e);
        }
    }

    private static String reason(RedisException e) {
        String text = Objects.requireNonNullElse(
                e.getCause() == null ? e.getMessage() : e.getCause().getMessage(), "");
        if (text.startsWith("NOAUTH") || text.startsWith("WRONGPASS")) {
            return "refuses the password of the URL, or wants one";
        }
        return text.contains("onnection") ? "cannot be reached" : "cannot be used: " + text;
    }

    private static void tryLogin(String url, DatabaseRole role, String password) {
        LoginTrial.refusal(postgresAddress(url), role, password, PATIENCE).ifPresent(refusal -> {
            throw postgresFailure(url, role, refusal);
        });
    }

    private static PostgresAddress postgresAddress(String url) {
        URI uri = parse("SLUICE_POSTGRES_URL", url, PostgresAddress.FORM);
        return PostgresAddress.parse(uri).orElseThrow(() -> invalid("SLUICE_POSTGRES_URL", PostgresAddress.FORM, null));
    }

    private static LocalFailure postgresFailure(String url, DatabaseRole role, LoginTrial.Refusal refusal) {
        String server = "PostgreSQL at " + url + " (SLUICE_POSTGRES_URL) ";
        return new LocalFailure(
                switch (refusal.sqlState()) {
                    case "28P01", "28000" ->
                        server + "refuses the login " + role.login() + ": " + Backends.variable(role)
                                + " is wrong, or roles.sql was not run there.";
                    case "3D000" -> server + "has no such database: run roles.sql there.";
                    case "42501" ->
                        server + "does not let " + role.login() + " use the database: run roles.sql for it.";
                    case "08001", "08004", "08006" -> server + "cannot be reached.";
                    default -> server + "cannot be used: " + refusal.message() + ".";
                });
    }

    private static RedisURI redisUri(String url) {
        URI uri = parse("SLUICE_REDIS_URL", url, "redis://[:password@]host:port");
        try {
            return RedisURI.create(uri);
        } catch (IllegalArgumentException e) {
            throw invalid("SLUICE_REDIS_URL", "redis://[:password@]host:port", e);
        }
    }

    /** Without the password, which the message of a parser would show. */
    private static URI parse(String name, String url, String expected) {
        try {
            return URI.create(url);
        } catch (IllegalArgumentException e) {
            throw invalid(name, expected, null);
        }
    }

    private static LocalFailure invalid(String name, String expected, @Nullable Throwable cause) {
        return new LocalFailure(name + " is not a URL of the form " + expected + ".", cause);
    }

    private static LocalFailure redisFailure(RedisURI uri, String reason, @Nullable Throwable cause) {
        return new LocalFailure(
                "Redis at redis://%s:%d (SLUICE_REDIS_URL) %s.".formatted(uri.getHost(), uri.getPort(), reason), cause);
    }
}
