package dev.sluice.shared.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataFolderTest {
    private static final String GATEWAY = "http://127.0.0.1:8080";

    @TempDir
    private Path folder;

    @Test
    void refusesASecondOwnerUntilTheFirstLetsGo() {
        DataFolder first = DataFolder.open(folder, GATEWAY);

        assertThatExceptionOfType(LocalFailure.class)
                .isThrownBy(() -> DataFolder.open(folder, GATEWAY))
                .withMessageContaining(
                        "already running on the data folder %s, with its gateway at %s:", folder, GATEWAY);
        assertThat(DataFolder.runningGateway(folder)).contains(GATEWAY);

        first.close();
        assertThat(DataFolder.runningGateway(folder)).isEmpty();
        DataFolder.open(folder, GATEWAY).close();
    }

    @Test
    void saysThatTheFolderIsAFile() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatExceptionOfType(LocalFailure.class)
                .isThrownBy(() -> DataFolder.open(file, GATEWAY))
                .withMessage("The data folder %s is a file: choose another with --data.", file);
    }

    @Test
    void lookingForARunningSystemMakesNothing() {
        assertThat(DataFolder.runningGateway(folder.resolve("absent"))).isEmpty();

        assertThat(folder.resolve("absent")).doesNotExist();
    }

    @Test
    void aFolderOfAnotherUserIsRefused() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can give files away");
        DataFolder.open(folder, GATEWAY).close();
        Files.setAttribute(folder.resolve("lock"), "unix:uid", 65534);

        assertThatExceptionOfType(LocalFailure.class)
                .isThrownBy(() -> DataFolder.open(folder, GATEWAY))
                .withMessageMatching("The data folder .* belongs to the user .*, and this is root: choose another.*");
    }

    @Test
    void secretsAreForTheirOwnerOnlyAndStayTheSame() throws IOException {
        Secrets secrets = Secrets.in(folder.resolve("secrets"));

        String apiKey = secrets.apiKey();

        assertThat(apiKey).matches("sk_[A-Za-z0-9_-]{43}");
        assertThat(secrets.key("master-key")).matches("[A-Za-z0-9+/]{43}=");
        assertThat(Secrets.in(folder.resolve("secrets")).apiKey()).isEqualTo(apiKey);
        assertThat(mode("secrets")).isEqualTo("[OWNER_EXECUTE, OWNER_READ, OWNER_WRITE]");
        assertThat(mode("secrets/admin-api-key")).isEqualTo("[OWNER_READ, OWNER_WRITE]");
    }

    @Test
    void anEmptySecretIsABrokenFolder() throws IOException {
        Secrets secrets = Secrets.in(folder);
        Files.createFile(folder.resolve("redis"));

        assertThatExceptionOfType(LocalFailure.class)
                .isThrownBy(() -> secrets.password("redis"))
                .withMessageContaining("redis is empty: the data folder is broken");
    }

    private String mode(String name) throws IOException {
        return Files.getPosixFilePermissions(folder.resolve(name)).stream()
                .map(Enum::name)
                .sorted()
                .toList()
                .toString();
    }
}
