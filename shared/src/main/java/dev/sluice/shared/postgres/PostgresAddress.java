package dev.sluice.shared.postgres;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A database and the servers that may hold it: one, or a primary and its standbys in any order, of which the one that
 * accepts writes is used.
 *
 * @param servers  at least one
 * @param database its name
 */
public record PostgresAddress(List<Server> servers, String database) {

    /** How a URL of one is written. */
    public static final String FORM = "postgresql://host:port[,host:port…]/database";

    private static final int DEFAULT_PORT = 5432;
    private static final int MAX_PORT = 65_535;

    /** Where one server listens. An IPv6 address has its brackets; URLs of several servers cannot have one. */
    public record Server(String host, int port) {

        private static Optional<Server> parse(String text) {
            int colon = text.lastIndexOf(':');
            boolean withPort = colon > text.lastIndexOf(']');
            String host = withPort ? text.substring(0, colon) : text;
            int port = withPort ? number(text.substring(colon + 1)) : DEFAULT_PORT;
            return host.isBlank() || host.indexOf('@') >= 0 || port < 1 || port > MAX_PORT
                    ? Optional.empty()
                    : Optional.of(new Server(host, port));
        }

        private static int number(String text) {
            return text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
        }
    }

    public PostgresAddress {
        servers = List.copyOf(servers);
    }

    /** Reads {@value #FORM}; empty when it is none, or has credentials. Without a port a server has 5432. */
    public static Optional<PostgresAddress> parse(URI url) {
        String path = url.getPath();
        if (!"postgresql".equals(url.getScheme()) || url.getAuthority() == null || path == null || path.length() < 2) {
            return Optional.empty();
        }
        List<Optional<Server>> servers = Arrays.stream(url.getAuthority().split(",", -1))
                .map(Server::parse)
                .toList();
        return servers.stream().allMatch(Optional::isPresent)
                ? Optional.of(new PostgresAddress(
                        servers.stream().flatMap(Optional::stream).toList(), path.substring(1)))
                : Optional.empty();
    }

    /** Whether there is a server to turn to when another stops being the primary. */
    boolean hasStandby() {
        return servers.size() > 1;
    }

    /** The same for JDBC, without parameters. */
    String jdbc() {
        return servers.stream()
                .map(server -> server.host() + ":" + server.port())
                .collect(Collectors.joining(",", "jdbc:postgresql://", "/" + database));
    }
}
