package dev.sluice.shared.testing;

import java.nio.file.Path;

/** Where tests keep what is worth keeping between runs. */
public final class TestFolders {

    private TestFolders() {}

    /** The unpacked server programs; in the user's own cache folder, so that every run and checkout finds them. */
    public static Path binaries() {
        return Path.of(System.getProperty("user.home"), ".cache", "sluice", "binaries");
    }
}
