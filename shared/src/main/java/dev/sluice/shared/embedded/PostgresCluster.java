package dev.sluice.shared.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** One data folder of PostgreSQL and the programs that make, start and stop its server. */
final class PostgresCluster {

    static final String SUPERUSER = "postgres";
    static final String DATA = "data";

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String WAIT_SECONDS = "60";
    private static final String SETTINGS = "sluice.conf";

    /** A line of the server's log that says why it gave up, without the time before it. */
    private static final Pattern REASON = Pattern.compile("^(.*(?:FATAL|PANIC): +|(?=but could not open))(.*)$");

    private final PostgresBinaries binaries;
    private final OrdinaryUser user;
    private final Path folder;
    private final Path data;
    private final Path log;

    PostgresCluster(PostgresBinaries binaries, OrdinaryUser user, Path folder) {
        this.binaries = binaries;
        this.user = user;
        this.folder = folder;
        this.data = folder.resolve(DATA);
        this.log = folder.resolve("postgres.log");
    }

    Path folder() {
        return folder;
    }

    /** Stops the server that a killed owner left behind. The caller holds the folder's lock, so nobody uses it. */
    void stopLeftOver() {
        Optional<Long> pid = pid();
        if (pid.isEmpty()) {
            return;
        }
        Optional<String> program =
                ProcessHandle.of(pid.get()).flatMap(process -> process.info().command());
        if (program.isPresent() && !program.get().endsWith("/postgres")) {
            // After a reboot the number may belong to some other program, which PostgreSQL would take for itself.
            delete(data.resolve("postmaster.pid"));
        } else if (ProcessHandle.of(pid.get()).isPresent()) {
            stop();
        }
    }

    void createIfAbsent(String superuserPassword) {
        if (Files.exists(data.resolve("PG_VERSION"))) {
            user.give(folder);
            return;
        }
        if (Files.exists(data)) {
            throw broken("it holds no database, yet is not empty");
        }
        // Into a folder beside it first: an interrupted start leaves no half of a database behind.
        Path partial = folder.resolve("data.partial");
        try {
            if (Files.exists(partial)) {
                Folders.delete(partial);
            }
            Path passwordFile = Files.createTempFile(folder, "superuser", ".password");
            try {
                Files.writeString(passwordFile, superuserPassword);
                user.give(folder);
                initialize(partial, passwordFile);
            } finally {
                Files.deleteIfExists(passwordFile);
            }
            Files.writeString(
                    partial.resolve("postgresql.conf"),
                    "\ninclude_if_exists = '" + SETTINGS + "'\n",
                    StandardOpenOption.APPEND);
            Files.move(partial, data, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new EmbeddedServerException("The data folder %s cannot be written.".formatted(folder), e);
        }
    }

    private void initialize(Path target, Path passwordFile) {
        List<String> command = new ArrayList<>(user.command(binaries.program("initdb")));
        command.addAll(List.of("-D", target.toString(), "-U", SUPERUSER, "--pwfile=" + passwordFile));
        command.addAll(List.of("-A", "scram-sha-256", "-E", "UTF8", "--no-locale", "--no-instructions"));
        Command.Outcome outcome = Command.run(command, LIMIT);
        if (!outcome.succeeded()) {
            throw new EmbeddedServerException(
                    "PostgreSQL cannot make its data folder in %s: %s".formatted(folder, lastLine(outcome.output())));
        }
    }

    void configure(int port, boolean durable) {
        String settings = """
                # Written at each start.
                listen_addresses = '127.0.0.1'
                port = %d
                unix_socket_directories = ''
                max_connections = 100
                fsync = %s
                full_page_writes = %s
                shared_buffers = 128MB
                max_wal_size = 2GB
                timezone = 'UTC'
                log_timezone = 'UTC'
                """.formatted(port, durable ? "on" : "off", durable ? "on" : "off");
        try {
            Files.writeString(data.resolve(SETTINGS), settings);
            Files.move(log, folder.resolve("postgres.old.log"), StandardCopyOption.REPLACE_EXISTING);
        } catch (NoSuchFileException e) {
            // The first start has no log to keep.
            return;
        } catch (IOException e) {
            throw new EmbeddedServerException("The data folder %s cannot be written.".formatted(folder), e);
        } finally {
            user.give(folder);
        }
    }

    void start(int port) {

        List<String> command = new ArrayList<>(user.command(binaries.program("pg_ctl")));
        command.addAll(List.of("start", "-D", data.toString(), "-l", log.toString(), "-w", "-t", WAIT_SECONDS));
        Command.Outcome outcome = Command.run(command, LIMIT);
        if (!outcome.succeeded()) {
            stopLeftOver();
            throw failure(port);
        }
    }

    /** Rolls back what is open and stops; does nothing when no server runs. */
    void stop() {
        if (!stop("fast")) {
            stopImmediately();
        }
    }

    /** Stops without a checkpoint; the next start recovers from the log. */
    void stopImmediately() {
        if (!stop("immediate") && pid().flatMap(ProcessHandle::of).isPresent()) {
            throw new EmbeddedServerException("PostgreSQL in %s cannot be stopped.".formatted(folder));
        }
    }

    /** SIGKILL to all its processes; the postmaster is stopped before they are looked for, so that it starts no more of them. */
    void kill() {
        Optional<ProcessHandle> postmaster = pid().flatMap(ProcessHandle::of);
        if (postmaster.isEmpty()) {
            return;
        }
        // One that has gone meanwhile starts none either.
        Command.Outcome _ = Command.run(
                List.of("kill", "-STOP", Long.toString(postmaster.get().pid())), LIMIT);
        List<ProcessHandle> processes = new ArrayList<>(List.of(postmaster.get()));
        processes.addAll(postmaster.get().descendants().toList());
        if (!processes.stream().allMatch(process -> process.destroyForcibly() || !process.isAlive())
                || !processes.stream().allMatch(PostgresCluster::ended)) {
            throw new EmbeddedServerException("PostgreSQL in %s cannot be killed.".formatted(folder));
        }
    }

    private static boolean ended(ProcessHandle process) {
        try {
            process.onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    Path data() {
        return data;
    }

    Optional<Long> pid() {
        Path file = data.resolve("postmaster.pid");
        try {
            return Files.exists(file)
                    ? Optional.of(
                            Long.parseLong(Files.readAllLines(file).getFirst().strip()))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            throw broken("its file postmaster.pid cannot be read");
        }
    }

    private boolean stop(String mode) {
        if (pid().isEmpty()) {
            return true;
        }
        List<String> command = new ArrayList<>(user.command(binaries.program("pg_ctl")));
        command.addAll(List.of("stop", "-D", data.toString(), "-m", mode, "-w", "-t", "20"));
        return Command.run(command, LIMIT).succeeded();
    }

    private EmbeddedServerException failure(int port) {
        String text = readLog();
        if (text.contains("Address already in use")) {
            return LocalPort.taken("PostgreSQL", port, new IOException(text));
        }
        return broken(text.lines()
                .filter(line -> REASON.matcher(line).find())
                .reduce((first, second) -> second)
                .map(line -> REASON.matcher(line).replaceFirst("$2"))
                .orElseGet(() -> "PostgreSQL does not start on it, see " + log));
    }

    private String readLog() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            return "";
        }
    }

    private EmbeddedServerException broken(String reason) {
        return new EmbeddedServerException("The data folder %s is broken (%s).".formatted(data, reason));
    }

    private static String lastLine(String text) {
        return text.lines()
                .filter(line -> !line.isBlank())
                .reduce((first, second) -> second)
                .orElse("no reason given");
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new EmbeddedServerException("The file %s cannot be removed.".formatted(file), e);
        }
    }
}
