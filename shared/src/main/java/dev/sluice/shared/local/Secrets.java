package dev.sluice.shared.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/**
 * The secrets of a data folder: one file each, mode 600 in a folder of mode 700, made at the first start and read at
 * the next. The API key can so be taken by {@code $(cat .sluice/secrets/admin-api-key)}.
 */
final class Secrets {
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final int BYTES = 32;

    private final Path folder;
    private final SecureRandom random = new SecureRandom();

    private Secrets(Path folder) {
        this.folder = folder;
    }

    static Secrets in(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, FOLDER);
            return new Secrets(folder);
        } catch (IOException e) {
            throw new LocalFailure("The folder " + folder + " cannot be made: " + e.getMessage() + ".", e);
        }
    }

    /** 43 characters of base64url. */
    String password(String name) {
        return get(name, url(bytes()));
    }

    /** Base64 of 32 bytes, as the services expect their keys. */
    String key(String name) {
        return get(name, Base64.getEncoder().encodeToString(bytes()));
    }

    /** {@code sk_} and 43 characters of base64url. */
    String apiKey() {
        return get("admin-api-key", "sk_" + url(bytes()));
    }

    private String get(String name, String fresh) {
        Path file = folder.resolve(name);
        try {
            if (!Files.exists(file)) {
                write(file, fresh);
            }
            return nonBlank(file, Files.readString(file).strip());
        } catch (IOException e) {
            throw new LocalFailure("The secret " + file + " cannot be read or written: " + e.getMessage() + ".", e);
        }
    }

    private static String nonBlank(Path file, String secret) {
        if (secret.isEmpty()) {
            throw new LocalFailure("The secret " + file + " is empty: the data folder is broken.");
        }
        return secret;
    }

    /** Never leaves half a secret behind: a crash in between leaves a file nobody reads. */
    private static void write(Path file, String secret) throws IOException {
        Path partial =
                Files.createTempFile(file.getParent(), "new", ".tmp", PosixFilePermissions.asFileAttribute(FILE));
        Files.writeString(partial, secret + "\n");
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private byte[] bytes() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
