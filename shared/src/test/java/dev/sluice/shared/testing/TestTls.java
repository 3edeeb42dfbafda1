package dev.sluice.shared.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.tcp.SslProvider.GenericSslContextSpec;

/**
 * A key with a certificate signed by itself, for localhost and 127.0.0.1, which trusts itself too; made by the JDK's own tool.
 * Blocks.
 *
 * @param file a PKCS #12 store
 */
public record TestTls(Path file) {

    public static final String PASSWORD = "changeit";

    /** A new one. */
    public static TestTls in(Path folder, String name) {
        return of(folder, name, "dns:localhost,ip:127.0.0.1");
    }

    /** A new one, for hosts of these names alone. */
    public static TestTls named(Path folder, String name, List<String> hosts) {
        return of(folder, name, hosts.stream().map(host -> "dns:" + host).collect(Collectors.joining(",")));
    }

    private static TestTls of(Path folder, String name, String names) {
        Path file = folder.resolve(name + ".p12");
        try {
            Process process = new ProcessBuilder(command(file, name, names))
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(said).isZero();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return new TestTls(file);
    }

    private static List<String> command(Path file, String name, String names) {
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        return List.of(
                keytool.toString(),
                "-genkeypair",
                "-alias",
                "own",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=" + names,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD);
    }

    /** The same in another file. */
    public TestTls copiedTo(Path other) {
        try {
            return new TestTls(Files.copy(file, other));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a server shows. */
    public KeyManagerFactory keys() {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store(), PASSWORD.toCharArray());
            return keys;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For a server that offers HTTP/2. */
    public GenericSslContextSpec<SslContextBuilder> offeringHttp2() {
        return Http2SslContextSpec.forServer(keys());
    }

    /** What a client of that server believes. */
    public TrustManagerFactory trust() {
        return trust(List.of(this));
    }

    /** What a server believes that has these clients. */
    public static TrustManagerFactory trust(List<TestTls> all) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (TestTls one : all) {
                store.setCertificateEntry(Integer.toString(store.size()), one.certificate());
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            return trust;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The certificate in a new PEM file. */
    public Path certificate(Path pem) {
        try {
            return Files.writeString(pem, certificatePem());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The certificate in PEM. */
    public String certificatePem() {
        try {
            return pem("CERTIFICATE", certificate().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The key in PEM, by PKCS #8. */
    public String keyPem() {
        return pem("PRIVATE KEY", key().getEncoded());
    }

    /** Whose it is. */
    public String name() {
        return name(certificate());
    }

    /** Whose a certificate is that was made so. */
    static String name(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName().substring("CN=".length());
    }

    /** The certificate. */
    public X509Certificate certificate() {
        try {
            return (X509Certificate) store().getCertificate("own");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The key. */
    public PrivateKey key() {
        try {
            return (PrivateKey) store().getKey("own", PASSWORD.toCharArray());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String kind, byte[] encoded) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        return "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n";
    }

    private KeyStore store() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return store;
    }
}
