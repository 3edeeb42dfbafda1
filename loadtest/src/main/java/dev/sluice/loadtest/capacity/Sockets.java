package dev.sluice.loadtest.capacity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Connections of this machine, from Linux' {@code /proc}; none elsewhere. */
final class Sockets {

    private static final String ESTABLISHED = "01";

    private Sockets() {}

    /** Connections that a server on this port has. */
    static long of(int port) {
        String suffix = ":%04X".formatted(port);
        return Stream.of("tcp", "tcp6")
                .flatMap(table -> lines(Path.of("/proc/net", table)).stream())
                .map(line -> line.strip().split("\\s+", -1))
                .filter(fields -> fields.length > 3 && fields[1].endsWith(suffix) && fields[3].equals(ESTABLISHED))
                .count();
    }

    /** Files that one process may have open, such as {@code 20000}. */
    static String fileLimit() {
        return lines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.strip().split("\\s+", -1)[3])
                .findFirst()
                .orElse("?");
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of(); // not Linux
        }
    }
}
