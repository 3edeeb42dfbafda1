package dev.sluice.loadtest.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Memory and CPU time of the process that listens on a port, read from Linux' {@code /proc}; empty elsewhere, or for a
 * process of another user.
 */
final class ServiceProbe {

    private static final Path PROC = Path.of("/proc");
    private static final long CLOCK_TICKS_PER_SECOND = 100;
    private static final String LISTEN = "0A";

    private final Optional<Path> process;

    private ServiceProbe(Optional<Path> process) {
        this.process = process;
    }

    static ServiceProbe listeningOn(int port) {
        return new ServiceProbe(socketOf(port).flatMap(ServiceProbe::ownerOf));
    }

    /** Resident memory in bytes. */
    OptionalLong residentBytes() {
        return process.map(folder -> lines(folder.resolve("status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                        .findFirst())
                .orElseGet(OptionalLong::empty);
    }

    /** CPU time used since the process began, in milliseconds. */
    OptionalLong cpuMillis() {
        return process.flatMap(folder -> lines(folder.resolve("stat")).stream().findFirst())
                .map(ServiceProbe::cpuMillis)
                .orElseGet(OptionalLong::empty);
    }

    /** Fields 14 and 15 of {@code stat}, counted behind the name in brackets, which may hold anything. */
    private static OptionalLong cpuMillis(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        return OptionalLong.of(ticks * 1000 / CLOCK_TICKS_PER_SECOND);
    }

    private static Optional<String> socketOf(int port) {
        String suffix = ":%04X".formatted(port);
        return List.of("net/tcp", "net/tcp6").stream()
                .flatMap(table -> lines(PROC.resolve(table)).stream())
                .map(line -> line.strip().split("\\s+", -1))
                .filter(fields -> fields.length > 9 && fields[1].endsWith(suffix) && LISTEN.equals(fields[3]))
                .map(fields -> "socket:[" + fields[9] + "]")
                .findFirst();
    }

    private static Optional<Path> ownerOf(String socket) {
        return entries(PROC).stream()
                .filter(folder ->
                        Character.isDigit(folder.getFileName().toString().charAt(0)))
                .filter(folder -> entries(folder.resolve("fd")).stream().anyMatch(file -> isLinkTo(file, socket)))
                .findFirst();
    }

    private static boolean isLinkTo(Path file, String target) {
        try {
            return Files.readSymbolicLink(file).toString().equals(target);
        } catch (IOException e) {
            return false; // closed meanwhile, or not ours to see
        }
    }

    private static List<Path> entries(Path folder) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            ArrayList<Path> found = new ArrayList<>();
            entries.forEach(found::add);
            return found;
        } catch (IOException e) {
            return List.of(); // gone meanwhile, or not ours to see
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of(); // not Linux, or the process has gone
        }
    }
}
