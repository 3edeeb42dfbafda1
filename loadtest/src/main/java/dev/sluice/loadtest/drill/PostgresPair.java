package dev.sluice.loadtest.drill;

import dev.sluice.shared.embedded.EmbeddedPostgresServer;
import dev.sluice.shared.embedded.EmbeddedPostgresSettings;
import dev.sluice.shared.local.Guard;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL that notes when each transaction was committed, and its synchronous standby if there shall be one, which
 * is made from a base backup and follows by streaming. Each server keeps its port. Blocks; for one thread, but for closing.
 */
final class PostgresPair implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(100);

    /** What a base backup leaves out (PostgreSQL manual, 26.3.4.3): the copy gets its log by streaming. */
    private static final Set<String> LEFT_OUT = Set.of(
            "postmaster.pid", "postmaster.opts", "pg_wal", "pg_replslot", "pg_stat_tmp", "pg_notify", "pg_subtrans");

    private final IntFunction<EmbeddedPostgresSettings> settings;
    private final Guard guard;
    private EmbeddedPostgresServer primary;
    private @Nullable EmbeddedPostgresServer standby;
    private int generation;
    private boolean closed;

    private PostgresPair(EmbeddedPostgresServer primary, IntFunction<EmbeddedPostgresSettings> settings, Guard guard) {
        this.primary = primary;
        this.settings = settings;
        this.guard = guard;
    }

    static PostgresPair start(IntFunction<EmbeddedPostgresSettings> settings, Guard guard, boolean withStandby) {
        EmbeddedPostgresServer first = EmbeddedPostgresServer.start(settings.apply(0));
        PostgresPair pair = new PostgresPair(first, settings, guard);
        try {
            pair.superuser()
                    .execute("alter system set track_commit_timestamp = on", "alter system set wal_keep_size = '1GB'");
            first.crash();
            pair.restart();
            if (withStandby) {
                pair.follow(0);
            }
            return pair;
        } catch (RuntimeException e) {
            pair.close();
            throw e;
        }
    }

    EmbeddedPostgresServer primary() {
        return primary;
    }

    EmbeddedPostgresServer standby() {
        if (standby == null) {
            throw new IllegalStateException("There is no standby");
        }
        return standby;
    }

    /** Of both servers, the one that is the primary first. */
    URI url() {
        String second = standby == null ? "" : ",127.0.0.1:" + standby.port();
        return URI.create("postgresql://127.0.0.1:" + primary.port() + second + "/" + EmbeddedPostgresServer.DATABASE);
    }

    /** Of the primary's database. */
    Superuser superuser() {
        return superuser(primary);
    }

    /** SIGKILL to all processes of the primary. */
    void kill() {
        primary.kill();
    }

    /** Stops all processes of the standby where they are: it confirms nothing any more, and no commit completes. */
    void pauseStandby() {
        signalStandby("STOP");
    }

    void resumeStandby() {
        signalStandby("CONT");
    }

    private void signalStandby(String signal) {
        ProcessHandle postmaster = ProcessHandle.of(standby().pid()).orElseThrow();
        Signals.send(signal, postmaster.pid());
        // The postmaster first: it starts no others meanwhile. Of the rest one may end before its turn comes.
        postmaster
                .descendants()
                .filter(process -> !Signals.sendIfThere(signal, process.pid()) && process.isAlive())
                .findAny()
                .ifPresent(process -> {
                    throw new DrillFailure("SIG" + signal + " cannot be sent to process " + process.pid() + ".");
                });
    }

    /** Starts the primary again, unless {@link #close} came first: nothing is left running. */
    synchronized void restart() {
        requireOpen();
        primary.restart();
        guard.server(primary.pid());
    }

    /** Makes the standby the primary; the former one must be dead, and stays so. Returns its port. */
    synchronized int promote() {
        requireOpen();
        superuser(standby()).execute("select pg_promote(true, 30)");
        EmbeddedPostgresServer former = primary;
        primary = standby();
        standby = null;
        former.close();
        return former.port();
    }

    /**
     * Makes a new standby of the primary and waits until commits wait for it.
     *
     * @param port of the standby; 0 for any
     */
    synchronized void follow(int port) {
        requireOpen();
        EmbeddedPostgresSettings own = settings.apply(++generation);
        Path data = own.folder().resolve("data");
        superuser().within(session -> {
            session.run("select pg_backup_start('standby', true)");
            copy(primary.data(), data);
            write(data.resolve("backup_label"), session.ask("select labelfile from pg_backup_stop(true)"));
        });
        write(data.resolve("standby.signal"), "");
        append(
                data.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=127.0.0.1 port=%d user=postgres password=%s application_name=standby'\n"
                                .formatted(primary.port(), own.superuserPassword())
                        + "synchronous_standby_names = ''\n");
        EmbeddedPostgresServer server = EmbeddedPostgresServer.startCopy(new EmbeddedPostgresSettings(
                own.folder(), own.binaries(), port, true, own.superuserPassword(), own.passwords()));
        standby = server;
        guard.server(server.pid());
        superuser().execute("alter system set synchronous_standby_names = 'standby'", "select pg_reload_conf()");
        awaitSynchronous();
    }

    /** From another thread it waits until what is being started has been. */
    @Override
    public synchronized void close() {
        closed = true;
        if (standby != null) {
            standby.close();
        }
        primary.close();
    }

    private void requireOpen() {
        if (closed) {
            throw new DrillFailure("The drill was stopped.");
        }
    }

    private Superuser superuser(EmbeddedPostgresServer server) {
        return new Superuser(
                server.port(),
                EmbeddedPostgresServer.DATABASE,
                settings.apply(0).superuserPassword());
    }

    private void awaitSynchronous() {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!superuser()
                .ask("select count(*) from pg_stat_replication where sync_state = 'sync' and state = 'streaming'")
                .equals("1")) {
            if (System.nanoTime() > deadline) {
                throw new DrillFailure("The standby does not follow within " + LIMIT + ".");
            }
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DrillFailure("Interrupted.", e);
        }
    }

    private static void copy(Path from, Path to) {
        try {
            Files.createDirectories(to.getParent());
            Files.walkFileTree(from, new Copying(from, to));
            Files.createDirectories(to.resolve("pg_wal").resolve("archive_status"));
            Files.createDirectories(to.resolve("pg_wal").resolve("summaries"));
            Files.createDirectories(to.resolve("pg_replslot"));
            Files.createDirectories(to.resolve("pg_stat_tmp"));
            Files.createDirectories(to.resolve("pg_notify"));
            Files.createDirectories(to.resolve("pg_subtrans"));
        } catch (IOException e) {
            throw new DrillFailure("The base backup cannot be made: " + e + ".", e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new DrillFailure("The file " + file + " cannot be written: " + e + ".", e);
        }
    }

    private static void append(Path file, String text) {
        try {
            Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new DrillFailure("The file " + file + " cannot be written: " + e + ".", e);
        }
    }

    /** A file may go while it is copied; what it held comes with the log. */
    private static final class Copying extends SimpleFileVisitor<Path> {

        private final Path from;
        private final Path to;

        Copying(Path from, Path to) {
            this.from = from;
            this.to = to;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            if (LEFT_OUT.contains(from.relativize(directory).toString())) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            Path copy = to.resolve(from.relativize(directory));
            Files.createDirectories(copy);
            Files.setPosixFilePermissions(copy, Files.getPosixFilePermissions(directory));
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (!LEFT_OUT.contains(from.relativize(file).toString())) {
                try {
                    Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
                } catch (NoSuchFileException gone) {
                    return FileVisitResult.CONTINUE;
                }
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException gone) throws IOException {
            if (gone instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw gone;
        }
    }
}
