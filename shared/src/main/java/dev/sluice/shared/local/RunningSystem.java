package dev.sluice.shared.local;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A system that another process started, as the demo finds it.
 *
 * @param gateway its URL
 */
record RunningSystem(String gateway, String apiKey) {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /**
     * The one on the data folder, whatever its ports are; else the one on the ports, if the environment has a key for
     * it. Empty when neither runs, an exception when what runs cannot be used.
     */
    static Optional<RunningSystem> find(LocalOptions options, Map<String, String> environment) {
        Optional<String> gateway = DataFolder.runningGateway(options.data());
        if (gateway.isPresent()) {
            return Optional.of(onFolder(gateway.get(), options.data(), environment));
        }
        if (!isReady(options.gatewayUrl())) {
            return Optional.empty();
        }
        return Optional.of(new RunningSystem(
                options.gatewayUrl(),
                givenKey(environment)
                        .orElseThrow(() -> new LocalFailure(
                                "The Sluice on %s was not started on the data folder %s: name its own with --data, or its key in SLUICE_API_KEY."
                                        .formatted(
                                                options.gatewayUrl(),
                                                options.data().toAbsolutePath())))));
    }

    private static RunningSystem onFolder(String gateway, Path data, Map<String, String> environment) {
        if (!isReady(gateway)) {
            throw new LocalFailure("Sluice on the data folder " + data.toAbsolutePath()
                    + " is starting or stopping: try again in a moment.");
        }
        return new RunningSystem(
                gateway,
                givenKey(environment)
                        .orElseGet(() -> Secrets.in(data.resolve("secrets")).apiKey()));
    }

    private static Optional<String> givenKey(Map<String, String> environment) {
        return Optional.ofNullable(environment.get("SLUICE_API_KEY"))
                .or(() -> Optional.ofNullable(environment.get(ServiceEnvironment.API_KEY)));
    }

    private static boolean isReady(String gateway) {
        HttpRequest request = HttpRequest.newBuilder(LocalSystem.readiness(
                        LocalOptions.managementPort(URI.create(gateway).getPort())))
                .timeout(PATIENCE)
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return ServiceProcess.isReady(client, request);
        }
    }
}
