package dev.sluice.shared.local;

import dev.sluice.shared.postgres.DatabaseRole;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The environment both services start with: the caller's, over it what this start decided. A service gets no password
 * that it has no use for.
 */
record ServiceEnvironment(Map<String, String> variables) {
    static final String API_KEY = "SLUICE_BOOTSTRAP_API_KEY";
    static final String OUTBOUND_ALLOW = "SLUICE_OUTBOUND_ALLOW";
    /** Where the demo's and the load test's upstream listens. */
    static final String LOCAL_UPSTREAM = "127.0.0.1:9900";

    static ServiceEnvironment of(
            LocalOptions options, Secrets secrets, Map<String, String> backends, Map<String, String> callers) {
        Map<String, String> variables = new HashMap<>(callers);
        variables.putAll(backends);
        variables.put("SLUICE_GATEWAY_PORT", Integer.toString(options.gatewayPort()));
        variables.put("SLUICE_EXECUTOR_PORT", Integer.toString(options.executorPort()));
        variables.put("SLUICE_GATEWAY_MANAGEMENT_PORT", Integer.toString(options.gatewayManagementPort()));
        variables.put("SLUICE_EXECUTOR_MANAGEMENT_PORT", Integer.toString(options.executorManagementPort()));
        variables.put("SLUICE_EXECUTOR_URL", options.executorUrl());
        variables.computeIfAbsent("SLUICE_PUBLIC_URL", name -> options.gatewayUrl());
        variables.computeIfAbsent("SLUICE_MASTER_KEY", name -> secrets.key("master-key"));
        variables.computeIfAbsent("SLUICE_ASSERTION_KEY", name -> secrets.key("assertion-key"));
        variables.computeIfAbsent(API_KEY, name -> secrets.apiKey());
        variables.computeIfAbsent("SLUICE_LOG_FORMAT", name -> "text");
        variables.computeIfAbsent(OUTBOUND_ALLOW, name -> LOCAL_UPSTREAM);
        return new ServiceEnvironment(Map.copyOf(variables));
    }

    Map<String, String> forGateway() {
        return without(Backends.variable(DatabaseRole.ENGINE));
    }

    Map<String, String> forExecutor() {
        return without(Backends.variable(DatabaseRole.INGEST), API_KEY);
    }

    String apiKey() {
        return Objects.requireNonNull(variables.get(API_KEY), API_KEY);
    }

    String outboundAllow() {
        return Objects.requireNonNull(variables.get(OUTBOUND_ALLOW), OUTBOUND_ALLOW);
    }

    private Map<String, String> without(String... names) {
        Map<String, String> rest = new HashMap<>(variables);
        for (String name : names) {
            rest.remove(name);
        }
        return rest;
    }

    /** Without the values: most are secrets. */
    @Override
    public String toString() {
        return "ServiceEnvironment" + variables.keySet();
    }
}
