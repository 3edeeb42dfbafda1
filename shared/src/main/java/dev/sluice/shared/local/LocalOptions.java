package dev.sluice.shared.local;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the local system listens and keeps its data. The management ports are the services' own plus 1000.
 *
 * @param data the folder that keeps everything between starts
 */
record LocalOptions(int gatewayPort, int executorPort, Path data) {
    private static final int MANAGEMENT_OFFSET = 1000;

    LocalOptions {
        requirePort("--gateway-port", gatewayPort);
        requirePort("--executor-port", executorPort);
        if (gatewayPort == executorPort) {
            throw new LocalFailure("--gateway-port and --executor-port are both " + gatewayPort + ": choose two.");
        }
        if (Math.abs(gatewayPort - executorPort) == MANAGEMENT_OFFSET) {
            throw new LocalFailure(
                    "--gateway-port %d and --executor-port %d are 1000 apart, as a service and its management port are: choose others."
                            .formatted(gatewayPort, executorPort));
        }
    }

    /** Reads {@code --name value} and {@code --name=value}; what is absent gets its default. */
    static LocalOptions parse(List<String> arguments) {
        Map<String, String> given = new LinkedHashMap<>();
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String[] parts = rest.next().split("=", 2);
            String value = parts.length == 2 ? parts[1] : valueOf(known(parts[0]), rest);
            given.put(known(parts[0]), nonBlank(parts[0], value));
        }
        return new LocalOptions(
                port(given, "--gateway-port", 8080),
                port(given, "--executor-port", 8081),
                Path.of(given.getOrDefault("--data", ".sluice")));
    }

    static int managementPort(int servicePort) {
        return servicePort + MANAGEMENT_OFFSET;
    }

    int gatewayManagementPort() {
        return managementPort(gatewayPort);
    }

    int executorManagementPort() {
        return managementPort(executorPort);
    }

    String gatewayUrl() {
        return "http://127.0.0.1:" + gatewayPort;
    }

    String executorUrl() {
        return "http://127.0.0.1:" + executorPort;
    }

    /** Each port the services listen on, by who needs it. */
    Map<String, Integer> ports() {
        Map<String, Integer> ports = new LinkedHashMap<>();
        ports.put("the gateway (--gateway-port)", gatewayPort);
        ports.put("the executor (--executor-port)", executorPort);
        ports.put("the gateway's management (--gateway-port + 1000)", gatewayManagementPort());
        ports.put("the executor's management (--executor-port + 1000)", executorManagementPort());
        return ports;
    }

    private static String known(String name) {
        return switch (name) {
            case "--gateway-port", "--executor-port", "--data" -> name;
            default ->
                throw new LocalFailure(
                        "Unknown option " + name + ": expected --gateway-port N, --executor-port N or --data DIR.");
        };
    }

    private static String valueOf(String name, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new LocalFailure("The option " + name + " needs a value.");
        }
        return rest.next();
    }

    /** An empty {@code --data ""} would be the current folder. */
    private static String nonBlank(String name, String value) {
        if (value.isBlank()) {
            throw new LocalFailure("The option " + name + " needs a value.");
        }
        return value;
    }

    private static int port(Map<String, String> given, String name, int absent) {
        String value = given.get(name);
        try {
            return value == null ? absent : Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new LocalFailure(name + " is " + value + " (expected: a number).", e);
        }
    }

    private static void requirePort(String name, int port) {
        int highest = 65535 - MANAGEMENT_OFFSET;
        if (port < 1 || port > highest) {
            throw new LocalFailure(name + " is " + port + " (expected: 1 to " + highest + ").");
        }
    }
}
