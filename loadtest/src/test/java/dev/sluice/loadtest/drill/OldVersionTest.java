package dev.sluice.loadtest.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Over a small repository whose build only makes the jar's name. */
@Timeout(60)
final class OldVersionTest {

    private static final String BUILD = """
            #!/bin/sh
            mkdir -p executor/target && echo "$1" >>builds && cp version executor/target/executor-1.jar
            """;

    @TempDir
    private Path folder;

    private Path clone;

    @BeforeEach
    void makeARepository() throws IOException, InterruptedException {
        clone = Files.createDirectory(folder.resolve("clone"));
        Path build = Files.writeString(clone.resolve("mvnw"), BUILD);
        Files.setPosixFilePermissions(build, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(clone.resolve("version"), "one");
        git("init", "--quiet");
        commit();
        git("tag", "v1");
        Files.writeString(clone.resolve("version"), "two");
        commit();
    }

    @Test
    void isBuiltFromWhatGitHasAndOnlyOnce() throws IOException {
        Path builds = folder.resolve("builds");
        OldVersion old = OldVersion.of(clone, "v1");

        Path root = old.build(builds);
        assertThat(old.build(builds)).isEqualTo(root);

        assertThat(Files.readString(root.resolve("executor/target/executor-1.jar")))
                .isEqualTo("one");
        assertThat(Files.readAllLines(root.resolve("builds"))).hasSize(1);
        assertThat(Files.readString(clone.resolve("version"))).isEqualTo("two");
    }

    @Test
    void saysWhatToDoWhenTheCloneDoesNotHaveIt() {
        assertThatExceptionOfType(DrillFailure.class)
                .isThrownBy(() -> OldVersion.of(clone, "v9"))
                .withMessageContaining("v9, is not in the git clone")
                .withMessageContaining("--old REF");
    }

    @Test
    void saysSoOutsideOfAClone() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Files.writeString(outside.resolve(".git"), "gitdir: nowhere");

        assertThatExceptionOfType(DrillFailure.class)
                .isThrownBy(() -> OldVersion.of(outside, "v1"))
                .withMessageContaining("is not in the git clone");
    }

    @Test
    void namesTheLogOfABuildThatFails() throws IOException, InterruptedException {
        Files.writeString(clone.resolve("mvnw"), "#!/bin/sh\nexit 1\n");
        commit();

        assertThatExceptionOfType(DrillFailure.class)
                .isThrownBy(() -> OldVersion.of(clone, "HEAD").build(folder.resolve("builds")))
                .withMessageContaining("build.log");
    }

    private void commit() throws IOException, InterruptedException {
        git("add", ".");
        git(
                "-c",
                "user.name=t",
                "-c",
                "user.email=t@localhost",
                "-c",
                "commit.gpgsign=false",
                "commit",
                "-q",
                "-m",
                "c");
    }

    private void git(String... arguments) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        Process git = new ProcessBuilder(command)
                .directory(clone.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(git.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(git.exitValue()).as("%s", command).isZero();
    }
}
