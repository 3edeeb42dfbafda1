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
    }

    /** Reads {@code --name value} and {@code --name=value}; what is absent gets its default. */
    static LocalOptions parse(List<String> arguments) {
        Map<String, String> given = new LinkedHashMap<>();
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String[] parts = rest.next().split("=", 2);
            given.put(known(parts[0]), parts.length == 2 ? parts[1] : valueOf(parts[0], rest));
        }
        return new LocalOptions(
                port(given, "--gateway-port", 8080),
                port(given, "--executor-port", 8081),
                Path.of(given.getOrDefault("--data", ".sluice")));
    }

    int gatewayManagementPort() {
        return gatewayPort + MANAGEMENT_OFFSET;
    }

    int executorManagementPort() {
        return executorPort + MANAGEMENT_OFFSET;
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
        ports.put("the gateway's management", gatewayManagementPort());
        ports.put("the executor's management", executorManagementPort());
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
