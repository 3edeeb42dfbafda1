package dev.sluice.shared.embedded;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * PostgreSQL refuses to run as root. For root a command runs in a user namespace in which it is nobody while it keeps
 * root's access to the files; where namespaces are forbidden (most containers) it runs as the user nobody, and the
 * folders it writes to are given to that user.
 */
final class OrdinaryUser {

    private static final int NOBODY = 65534;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final List<String> prefix;
    private final boolean ownsFolders;

    private OrdinaryUser(List<String> prefix, boolean ownsFolders) {
        this.prefix = prefix;
        this.ownsFolders = ownsFolders;
    }

    static OrdinaryUser detect() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return new OrdinaryUser(List.of(), false);
        }
        List<String> namespace = List.of("unshare", "-U");
        if (works(namespace)) {
            return new OrdinaryUser(namespace, false);
        }
        // The capability lets nobody walk through root's own folders (for instance a data folder below /root).
        List<String> nobody = List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
        List<String> walking = new ArrayList<>(nobody);
        walking.addAll(List.of("--inh-caps=+dac_override", "--ambient-caps=+dac_override"));
        if (works(walking)) {
            return new OrdinaryUser(List.copyOf(walking), true);
        }
        if (works(nobody)) {
            return new OrdinaryUser(nobody, true);
        }
        throw new EmbeddedServerException(
                "PostgreSQL does not run as root, and neither unshare nor setpriv works here: start Sluice as an ordinary user.");
    }

    List<String> command(String... command) {
        List<String> whole = new ArrayList<>(prefix);
        whole.addAll(List.of(command));
        return List.copyOf(whole);
    }

    /** Makes sure that the server may write below the folder. */
    void give(Path folder) {
        if (ownsFolders) {
            try {
                chown(folder);
            } catch (IOException e) {
                throw new EmbeddedServerException(
                        "The data folder %s cannot be given to the user nobody.".formatted(folder), e);
            }
        }
    }

    private static void chown(Path folder) throws IOException {
        UserPrincipal nobody =
                folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(Integer.toString(NOBODY));
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Files.setOwner(directory, nobody);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.setOwner(file, nobody);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static boolean works(List<String> prefix) {
        List<String> command = new ArrayList<>(prefix);
        command.add("true");
        try {
            return Command.run(command, LIMIT).succeeded();
        } catch (EmbeddedServerException e) {
            return false;
        }
    }
}
