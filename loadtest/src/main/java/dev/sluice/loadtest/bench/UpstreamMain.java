package dev.sluice.loadtest.bench;

import dev.sluice.loadtest.upstream.UpstreamSimulator;

/** Runs a simulator on 127.0.0.1 until it is stopped. The one argument is the port, 9900 when absent. */
public final class UpstreamMain {

    private UpstreamMain() {}

    /** Starts the simulator and stays until the process is ended. */
    @SuppressWarnings("SystemOut") // a main that says where it listens
    public static void main(String[] arguments) {
        int port = arguments.length == 0 ? UpstreamSimulator.DEFAULT_PORT : Integer.parseInt(arguments[0]);
        try (UpstreamSimulator simulator =
                UpstreamSimulator.start("127.0.0.1", port).blockOptional().orElseThrow()) {
            System.out.println("Upstream simulator on " + simulator.uri());
            simulator.stopped().block();
        }
    }
}
