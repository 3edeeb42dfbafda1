package dev.sluice.loadtest.capacity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * What scenarios are run with.
 *
 * @param home     the root of the repository, where the built services are
 * @param folder   for data, logs and results; absolute
 * @param binaries where the servers' programs are unpacked to
 * @param out      told what goes on
 */
record Workbench(CapacityOptions options, Path home, Path folder, Path binaries, Consumer<String> out) {

    /** With options as they are given on the command line. */
    static Workbench of(List<String> arguments, Path home, Consumer<String> out) {
        CapacityOptions options = CapacityOptions.parse(arguments);
        try {
            Path folder = Files.createDirectories(options.data()).toRealPath();
            return new Workbench(options, home, folder, folder.resolve("binaries"), out);
        } catch (IOException e) {
            throw new CapacityFailure("The folder " + options.data() + " cannot be made: " + e.getMessage() + ".", e);
        }
    }

    /** Nothing found yet. */
    Findings findings(String title) {
        out.accept(title);
        return new Findings(title, out);
    }
}
