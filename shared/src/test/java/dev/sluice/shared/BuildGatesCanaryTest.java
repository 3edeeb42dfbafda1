package dev.sluice.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The rules of the build fail on projects that break them: compiler checks, formatting, banned dependencies. */
class BuildGatesCanaryTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    @Test
    void failOnWhatBreaksThem() throws Exception {
        String output = build();

        assertThat(output)
                .contains("[NullAway] returning @Nullable expression from method with @NonNull return type")
                .contains("[CheckReturnValue] The result of `map(...)` must be used")
                .contains("[FluxFlatMapUsage]")
                .contains("The following files had format violations")
                .contains("com.zaxxer:HikariCP")
                .contains("BannedDependencies failed");
        for (String module : List.of("compiler", "format", "dependency")) {
            assertThat(output).containsPattern("canary-" + module + " \\.+ FAILURE");
        }
    }

    private static String build() throws IOException, InterruptedException {
        Path log = Files.createTempFile("canary", ".log");
        Process maven = new ProcessBuilder(
                        ROOT.resolve("mvnw").toString(), "-B", "-f", "shared/src/test/canary/pom.xml", "-fae", "verify")
                .directory(ROOT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(maven.waitFor(5, TimeUnit.MINUTES)).isTrue();
            assertThat(maven.exitValue()).isNotZero();
            return Files.readString(log);
        } finally {
            maven.destroy();
            Files.delete(log);
        }
    }
}
