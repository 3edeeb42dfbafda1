package dev.sluice.loadtest.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.loadtest.compare.Children.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChildrenTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    @Test
    void endsWhatItStartedAndWhatThatStarted() {
        ProcessHandle child;
        ProcessHandle grandchild;
        try (Children children = new Children()) {
            Child shell = start(children, "sleep 300 & echo $! >pid; wait");
            child = ProcessHandle.of(shell.pid()).orElseThrow();
            grandchild = ProcessHandle.of(Long.parseLong(appears(folder.resolve("pid"))))
                    .orElseThrow();
            assertThat(ProcessTree.of(shell.pid()).residentBytes()).isPositive();
        }

        assertThat(child.onExit()).succeedsWithin(LIMIT);
        assertThat(grandchild.onExit()).succeedsWithin(LIMIT);
    }

    @Test
    void saysWhereToReadWhenACommandFails() {
        try (Children children = new Children()) {
            Child shell = start(children, "echo no room; exit 3");

            assertThatThrownBy(() -> shell.awaitEnd(LIMIT))
                    .isInstanceOf(CompareFailure.class)
                    .hasMessage("test ended with status 3: see %s.", folder.resolve("log"));
            assertThat(folder.resolve("log")).hasContent("no room");
        }
    }

    private Child start(Children children, String script) {
        return children.start("test", folder, folder.resolve("log"), Map.of(), List.of("sh", "-c", script));
    }

    /** The text of a file that another process is about to write. */
    private static String appears(Path file) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < end) {
            try {
                String text = Files.exists(file) ? Files.readString(file) : "";
                if (text.endsWith("\n")) {
                    return text.strip();
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            Thread.onSpinWait();
        }
        throw new AssertionError(file + " did not appear");
    }
}
