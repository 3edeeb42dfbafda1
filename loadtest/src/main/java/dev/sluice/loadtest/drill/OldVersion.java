package dev.sluice.loadtest.drill;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A version of this repository from before, built beside it from what git has of it. Blocks.
 *
 * @param home   a clone that has the commit
 * @param commit its full hash
 */
record OldVersion(Path home, String commit) {

    /**
     * The version that this one replaces: the oldest that has all of journal format 3. It moves on with each version that is
     * given out, to that one's tag.
     */
    static final String DEFAULT = "098e004ec4010d422a0fc141f548d7de151f5224";

    /** A file that is there when the build came to its end. */
    private static final String DONE = "built";

    private static final Duration BUILD = Duration.ofMinutes(15);
    private static final Duration GIT = Duration.ofMinutes(1);

    /** The version a name stands for; fails when the clone does not have it. */
    static OldVersion of(Path home, String ref) {
        try {
            Process git = git(home, "rev-parse", "--verify", "--quiet", "--end-of-options", ref + "^{commit}")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String commit = new String(git.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            if (end(git, GIT) == 0) {
                return new OldVersion(home, commit);
            }
        } catch (IOException e) {
            throw new DrillFailure(
                    "git cannot be run, and has the version to upgrade from: " + e.getMessage() + ".", e);
        }
        throw new DrillFailure(
                "The version to upgrade from, " + ref + ", is not in the git clone " + home.toAbsolutePath()
                        + ": fetch all of its history (git fetch --unshallow), or name another one with --old REF.");
    }

    /** The root of the built version, in a folder of its own inside {@code folder}; one that is there is taken as it is. */
    Path build(Path folder) {
        Path root = folder.resolve(commit);
        if (Files.exists(root.resolve(DONE))) {
            return root;
        }
        try {
            Path log = Files.createDirectories(root).resolve("build.log");
            Path archive = root.resolve("source.tar");
            run(git(home, "archive", "--format=tar", "--output=" + archive.toAbsolutePath(), commit), log, GIT);
            run(command(root, "tar", "-xf", archive.getFileName().toString()), log, GIT);
            Files.delete(archive);
            ProcessBuilder maven = command(root, "./mvnw", "-B", "-Pquick", "-pl", "shared,executor", "package");
            maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
            run(maven, log, BUILD);
            Files.createFile(root.resolve(DONE));
            return root;
        } catch (IOException e) {
            throw new DrillFailure(
                    "The version " + commit + " cannot be built in " + root + ": " + e.getMessage() + ".", e);
        }
    }

    private static ProcessBuilder git(Path home, String... arguments) {
        return command(
                home, Stream.concat(Stream.of("git"), Stream.of(arguments)).toArray(String[]::new));
    }

    private static ProcessBuilder command(Path folder, String... command) {
        return new ProcessBuilder(List.of(command)).directory(folder.toFile());
    }

    private static void run(ProcessBuilder command, Path log, Duration limit) throws IOException {
        Process process = command.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        // Also when this process is told to stop meanwhile, which no finally sees.
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> destroy(process)));
        if (end(process, limit) != 0) {
            throw new DrillFailure(String.join(" ", command.command()) + " failed: see " + log.toAbsolutePath() + ".");
        }
    }

    /** The exit status; whatever is not over in time, or is interrupted, is ended. */
    private static int end(Process process, Duration limit) {
        try {
            if (process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
                return process.exitValue();
            }
            throw new DrillFailure("Not over after " + limit.toSeconds() + " s: "
                    + process.info().commandLine().orElse("?"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DrillFailure("Interrupted.", e);
        } finally {
            destroy(process);
        }
    }

    private static void destroy(Process process) {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
    }
}
