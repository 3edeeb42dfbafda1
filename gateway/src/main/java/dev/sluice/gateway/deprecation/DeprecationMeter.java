package dev.sluice.gateway.deprecation;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.stream.Collectors;

/** Counts requests to what is deprecated: {@code sluice.deprecated.requests}, by operation, whoever they come from. */
public final class DeprecationMeter {

    private static final String NAME = "sluice.deprecated.requests";

    /** Of all organizations together: their names are theirs, and there may be any number of them. */
    private static final String ROUTES = "published-route";

    private final Map<String, Counter> operations;
    private final Counter routes;

    /** In this registry. */
    public DeprecationMeter(MeterRegistry meters, Deprecations deprecations) {
        this.operations = deprecations.all().stream()
                .map(Deprecations.Operation::id)
                .collect(Collectors.toUnmodifiableMap(id -> id, id -> counter(meters, id)));
        this.routes = counter(meters, ROUTES);
    }

    void used(String operation) {
        Counter counter = operations.get(operation);
        if (counter != null) {
            counter.increment();
        }
    }

    /** One more request to a published route that its organization deprecates. */
    public void routeUsed() {
        routes.increment();
    }

    private static Counter counter(MeterRegistry meters, String operation) {
        return Counter.builder(NAME)
                .description("Requests to what is deprecated")
                .tag("operation", operation)
                .register(meters);
    }
}
