package dev.sluice.shared.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs one short command to its end and keeps what it printed. */
final class Command {

    /** How a command ended. */
    record Outcome(int exitCode, String output) {
        boolean succeeded() {
            return exitCode == 0;
        }
    }

    private Command() {}

    /** Blocks until the command ends; after {@code limit} it is killed and an exception says so. */
    static Outcome run(List<String> command, Duration limit) {
        try {
            // A file, not a pipe: a server that the command leaves running may keep the descriptor.
            Path output = Files.createTempFile("sluice-command", ".log");
            try {
                return run(command, limit, output);
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new EmbeddedServerException("The program %s cannot be run.".formatted(command.getFirst()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedServerException("Starting an embedded server was interrupted.", e);
        }
    }

    private static Outcome run(List<String> command, Duration limit, Path output)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        // Messages are matched by their text, so they have to be the English ones.
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new EmbeddedServerException(
                    "The program %s did not end within %s.".formatted(command.getFirst(), limit));
        }
        return new Outcome(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }
}
