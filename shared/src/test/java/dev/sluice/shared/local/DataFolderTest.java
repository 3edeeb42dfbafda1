package dev.sluice.shared.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataFolderTest {
    @TempDir
    private Path folder;

    @Test
    void refusesASecondOwnerUntilTheFirstLetsGo() {
        DataFolder first = DataFolder.open(folder);

        assertThatExceptionOfType(LocalFailure.class)
                .isThrownBy(() -> DataFolder.open(folder))
                .withMessageContaining("already running on the data folder %s", folder);

        first.close();
        DataFolder.open(folder).close();
    }

    @Test
    void saysThatTheFolderCannotBeUsed() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatExceptionOfType(LocalFailure.class)
                .isThrownBy(() -> DataFolder.open(file))
                .withMessageContaining("The data folder %s cannot be used", file);
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
