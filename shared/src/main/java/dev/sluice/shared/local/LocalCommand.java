package dev.sluice.shared.local;

import dev.sluice.shared.embedded.EmbeddedServerException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Java's side of {@code ./sluice}: {@code up} and {@code demo}. The script passes the repository's root along. */
public final class LocalCommand {
    private static final int KILLED = 130;

    private LocalCommand() {}

    public static void main(String[] arguments) {
        List<String> rest = Arrays.asList(arguments).subList(Math.min(1, arguments.length), arguments.length);
        System.exit(run(arguments.length == 0 ? "" : arguments[0], rest));
    }

    private static int run(String command, List<String> arguments) {
        try {
            LocalOptions options = LocalOptions.parse(arguments);
            switch (command) {
                case "up" -> up(options);
                case "demo" -> demo(options);
                default -> throw new LocalFailure("Unknown command '" + command + "': expected up or demo.");
            }
            return 0;
        } catch (LocalFailure | EmbeddedServerException e) {
            System.err.println(e.getMessage());
            return 1;
        }
    }

    private static void up(LocalOptions options) {
        Shutdown shutdown = new Shutdown();
        Progress progress = new Progress(System.out);
        try (LocalSystem system = interruptible(options, progress, shutdown)) {
            ServiceEnvironment environment = system.start(home(), System.getenv());
            progress.line(ReadyBlock.text(
                    options.gatewayUrl(),
                    environment.apiKey(),
                    environment.outboundAllow(),
                    options.data(),
                    Path.of("").toAbsolutePath().relativize(home())));
            shutdown.await();
        }
        progress.line("Stopped.");
    }

    private static void demo(LocalOptions options) {
        Shutdown shutdown = new Shutdown();
        Progress progress = new Progress(System.out);
        Optional<RunningSystem> running = RunningSystem.find(options, System.getenv());
        if (running.isPresent()) {
            new Demo(running.get().gateway(), running.get().apiKey(), home(), progress, shutdown).run();
            return;
        }
        progress.line("Sluice is not running: starting it for the demo.");
        try (LocalSystem system = interruptible(options, progress, shutdown)) {
            ServiceEnvironment environment = system.start(home(), System.getenv());
            Demo demo = new Demo(options.gatewayUrl(), environment.apiKey(), home(), progress, shutdown);
            // On a thread of its own, which dies with the JVM: Ctrl-C stops the system in the middle of the demo.
            Thread.ofPlatform().daemon().name("demo").start(() -> runUntilShutdown(demo, shutdown));
            shutdown.await();
        }
    }

    private static void runUntilShutdown(Demo demo, Shutdown shutdown) {
        try {
            demo.run();
            shutdown.request("the demo is over");
        } catch (RuntimeException e) {
            shutdown.fail(e instanceof LocalFailure failure ? failure.sentence() : "The demo failed: " + e);
        }
    }

    private static LocalSystem interruptible(LocalOptions options, Progress progress, Shutdown shutdown) {
        LocalSystem system = new LocalSystem(options, progress, shutdown);
        Interrupts.handle(
                signal -> {
                    progress.line("\nStopping (" + signal + "); once more kills at once.");
                    shutdown.request(signal);
                },
                () -> {
                    system.kill();
                    Runtime.getRuntime().halt(KILLED);
                });
        return system;
    }

    private static Path home() {
        Map<String, String> environment = System.getenv();
        return Path.of(environment.getOrDefault("SLUICE_HOME", "."))
                .toAbsolutePath()
                .normalize();
    }
}
