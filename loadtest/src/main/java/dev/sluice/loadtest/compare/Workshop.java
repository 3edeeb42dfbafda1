package dev.sluice.loadtest.compare;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What peers are made with: this repository's root, a folder to keep packages in, ports, and child processes.
 *
 * @param home     root of the repository
 * @param folder   of all peers
 * @param port     the first of those that may be used
 * @param upstream where the simulator listens
 */
public record Workshop(Path home, Path folder, int port, int upstream, Children children) {

    private static final Duration INSTALL = Duration.ofMinutes(15);

    /** The folder of one peer, made if it is not there. */
    public Path of(String peer) {
        try {
            return Files.createDirectories(folder.resolve(peer));
        } catch (IOException e) {
            throw new CompareFailure("The folder " + folder + " cannot be written: " + e.getMessage() + ".", e);
        }
    }

    /** Empties a folder of a peer, such as its store from the run before. */
    public Path emptied(String peer, String name) {
        Path path = of(peer).resolve(name);
        try (Stream<Path> files = Files.exists(path) ? Files.walk(path) : Stream.<Path>empty()) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
            return Files.createDirectories(path);
        } catch (IOException e) {
            throw new CompareFailure("The folder " + path + " cannot be emptied: " + e.getMessage() + ".", e);
        }
    }

    /** Writes files of this module's resources into the peer's folder. */
    public void unpack(String peer, String... files) {
        for (String file : files) {
            write(of(peer).resolve(file), resource(peer + "/" + file));
        }
    }

    /** Whether the peer's folder has no such file yet, or another one than this module's resources. */
    boolean isNew(String peer, String file) {
        Path path = of(peer).resolve(file);
        try {
            return !Files.exists(path) || !Files.readString(path).equals(resource(peer + "/" + file));
        } catch (IOException e) {
            throw new CompareFailure(path + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    /** A text of this module's resources, with the simulator's address in place. */
    public String resource(String name) {
        try (InputStream stream = Workshop.class.getResourceAsStream("/peers/" + name)) {
            if (stream == null) {
                throw new IllegalStateException(name + " is not on the class path");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("@upstream@", "http://127.0.0.1:" + upstream + "/answer");
        } catch (IOException e) {
            throw new CompareFailure(name + " cannot be read.", e);
        }
    }

    /** Runs a command of an installation to its end. */
    public void install(String peer, Map<String, String> environment, String... command) {
        Path folder = of(peer);
        children.start(
                        command[0] + " for " + peer,
                        folder,
                        folder.resolve("install.log"),
                        environment,
                        List.of(command))
                .awaitEnd(INSTALL);
    }

    /** {@code npm install} of the peer's {@code package.json}, unless what it names is there. */
    void npm(String peer, String... options) {
        Path folder = of(peer);
        // npm leaves this file when it has come to its end.
        Path installed = folder.resolve("node_modules").resolve(".package-lock.json");
        if (isNew(peer, "package.json") || !Files.exists(installed)) {
            requireNode();
            unpack(peer, "package.json");
            String[] command = Stream.concat(Stream.of("npm", "install", "--no-audit", "--no-fund"), Stream.of(options))
                    .toArray(String[]::new);
            install(peer, Map.of(), command);
        }
    }

    /** Copies what the peer's {@code pom.xml} names into its folder {@code lib}, unless it is there. */
    public void maven(String peer) {
        if (isNew(peer, "pom.xml") || !Files.exists(of(peer).resolve("lib"))) {
            unpack(peer, "pom.xml");
            install(
                    peer,
                    Map.of("JAVA_HOME", System.getProperty("java.home")),
                    home.resolve("mvnw").toString(),
                    "-B",
                    "-q",
                    "dependency:copy-dependencies",
                    "-DoutputDirectory=lib");
        }
    }

    /** Java of this process. */
    public static String java(String program) {
        return Path.of(System.getProperty("java.home"), "bin", program).toString();
    }

    static void requireNode() {
        for (String program : List.of("node", "npm")) {
            boolean found = Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                    .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
            if (!found) {
                throw new CompareFailure(program + " is not installed (Node.js 20 or newer is needed).");
            }
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new CompareFailure(file + " cannot be written: " + e.getMessage() + ".", e);
        }
    }
}
