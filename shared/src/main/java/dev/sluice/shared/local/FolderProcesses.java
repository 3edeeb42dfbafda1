package dev.sluice.shared.local;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The processes of a data folder, found by what they run: the servers' programs and the services' jars lie in it, and
 * nobody else runs those. Finds also what was started a moment ago and has told nobody its number yet.
 *
 * @param folder absolute; the caller holds its lock, so that no other start owns its processes
 */
record FolderProcesses(Path folder) {

    private static final Duration KILL_LIMIT = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(20);
    /** A program that was about to start another has done so, or is dead, when it was looked for that often in vain. */
    private static final int LOOKS = 3;

    List<ProcessHandle> servers() {
        String programs = realPath(folder.resolve("binaries")) + "/";
        return all().filter(process -> process.info().command().orElse("").startsWith(programs))
                .toList();
    }

    List<ProcessHandle> services() {
        String jars = folder.resolve("services") + "/";
        return all().filter(process -> Stream.of(process.info().arguments().orElseGet(() -> new String[0]))
                        .anyMatch(argument -> argument.startsWith(jars)))
                .toList();
    }

    /** SIGTERM, and after {@code limit} SIGKILL; blocks until they are gone. */
    static void stop(List<ProcessHandle> processes, Duration limit) {
        processes.forEach(FolderProcesses::terminate);
        long start = System.nanoTime();
        while (System.nanoTime() - start < limit.toNanos()) {
            if (processes.stream().noneMatch(ProcessHandle::isAlive)) {
                return;
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        processes.forEach(FolderProcesses::kill);
    }

    /** SIGKILL to all, until none is left or five seconds have passed. */
    void killAll() {
        long start = System.nanoTime();
        int absent = 0;
        while (absent < LOOKS && System.nanoTime() - start < KILL_LIMIT.toNanos()) {
            List<ProcessHandle> found =
                    Stream.concat(services().stream(), servers().stream()).toList();
            found.forEach(FolderProcesses::kill);
            absent = found.isEmpty() ? absent + 1 : 0;
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    /** As the operating system names programs: without symbolic links. */
    private static Path realPath(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            // Nothing was unpacked there yet, so nothing runs from there.
            return path;
        }
    }

    private static Stream<ProcessHandle> all() {
        long self = ProcessHandle.current().pid();
        return ProcessHandle.allProcesses().filter(process -> process.pid() != self);
    }

    private static void terminate(ProcessHandle process) {
        if (!process.destroy() && process.isAlive()) {
            kill(process);
        }
    }

    private static void kill(ProcessHandle process) {
        boolean gone = process.destroyForcibly() || !process.isAlive();
        if (!gone) {
            System.err.println("Process " + process.pid() + " cannot be ended.");
        }
    }
}
