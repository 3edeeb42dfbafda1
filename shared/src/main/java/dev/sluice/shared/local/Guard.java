package dev.sluice.shared.local;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A small shell that outlives the launcher: when that ends without having stopped the servers (kill -9, out of memory),
 * it waits for the services, which end by themselves, and then stops the servers. Not thread-safe.
 */
public final class Guard implements AutoCloseable {

    private static final String SHELL = """
            trap '' INT HUP
            services= servers=
            while read -r kind pid; do
                case $kind in
                    service) services="$services $pid" ;;
                    server) servers="$servers $pid" ;;
                esac
            done
            tenths=0
            for pid in $services; do
                while kill -0 "$pid" 2>/dev/null && [ "$tenths" -lt 200 ]; do
                    sleep 0.1
                    tenths=$((tenths + 1))
                done
            done
            [ -z "$servers" ] || { kill -INT $servers; kill -TERM $servers; } 2>/dev/null
            """;

    private final Process process;
    private final OutputStream input;

    private Guard(Process process) {
        this.process = process;
        this.input = process.getOutputStream();
    }

    /** Starts the shell; close it when everything was stopped. */
    public static Guard start() {
        try {
            return new Guard(new ProcessBuilder(List.of("/bin/sh", "-c", SHELL, "sluice-guard"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start());
        } catch (IOException e) {
            throw new LocalFailure("The shell /bin/sh cannot be started: " + e.getMessage() + ".", e);
        }
    }

    /** SIGINT is a fast stop for PostgreSQL and an orderly one for Redis; SIGTERM after it adds nothing for these two. */
    public void server(long pid) {
        tell("server " + pid);
    }

    /** The servers are stopped after it. */
    public void service(long pid) {
        tell("service " + pid);
    }

    private void tell(String line) {
        try {
            input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            input.flush();
        } catch (IOException e) {
            throw new LocalFailure("The shell that guards the servers ended: " + e.getMessage() + ".", e);
        }
    }

    /** What the operating system does when the launcher is killed; for tests. */
    void loseOwner() throws IOException {
        input.close();
    }

    /** There is nothing to guard any more. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
