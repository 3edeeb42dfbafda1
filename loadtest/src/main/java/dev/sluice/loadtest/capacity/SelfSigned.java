package dev.sluice.loadtest.capacity;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;

/**
 * A key and certificate for 127.0.0.1, made by the JDK's {@code keytool}, and a store that trusts it. Blocks.
 *
 * @param keys of the server
 * @param java options that make another Java trust it
 */
record SelfSigned(KeyManagerFactory keys, List<String> java) {

    private static final String ALIAS = "upstream";
    /** Of stores that hold nothing worth keeping. */
    private static final String PASSWORD = "changeit";

    private static final String TYPE = "PKCS12";

    SelfSigned {
        java = List.copyOf(java);
    }

    static SelfSigned in(Path folder) {
        Path own = folder.resolve("upstream.p12");
        Path trusted = folder.resolve("trusted.p12");
        try {
            Files.deleteIfExists(own);
            generate(own);
            KeyStore store = KeyStore.getInstance(own.toFile(), PASSWORD.toCharArray());
            trust(store, trusted);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD.toCharArray());
            return new SelfSigned(
                    keys,
                    List.of(
                            "-Djavax.net.ssl.trustStore=" + trusted,
                            "-Djavax.net.ssl.trustStoreType=" + TYPE,
                            "-Djavax.net.ssl.trustStorePassword=" + PASSWORD));
        } catch (IOException | GeneralSecurityException e) {
            throw new CapacityFailure("There is no certificate for the upstream: " + e + ".", e);
        }
    }

    private static void trust(KeyStore own, Path file) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(TYPE);
        trusted.load(null, null);
        trusted.setCertificateEntry(ALIAS, own.getCertificate(ALIAS));
        try (OutputStream out = Files.newOutputStream(file)) {
            trusted.store(out, PASSWORD.toCharArray());
        }
    }

    private static void generate(Path file) throws IOException {
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-validity",
                        "30",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        TYPE,
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new CapacityFailure("keytool made no certificate: " + said);
        }
    }
}
