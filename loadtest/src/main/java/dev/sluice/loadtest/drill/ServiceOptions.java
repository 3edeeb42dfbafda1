package dev.sluice.loadtest.drill;

import java.util.List;
import java.util.Map;

/**
 * How a service is started.
 *
 * @param jvm       options of Java, such as the size of its heap
 * @param variables of its environment, beside and over those that name the system's parts
 */
public record ServiceOptions(List<String> jvm, Map<String, String> variables) {

    /** The drills are short: starting fast matters more than running fast. */
    private static final List<String> QUICK = List.of("-Xmx384m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    public ServiceOptions {
        jvm = List.copyOf(jvm);
        variables = Map.copyOf(variables);
    }

    /** Starts soon, and runs slowly. */
    public static ServiceOptions quick(Map<String, String> variables) {
        return new ServiceOptions(QUICK, variables);
    }
}
