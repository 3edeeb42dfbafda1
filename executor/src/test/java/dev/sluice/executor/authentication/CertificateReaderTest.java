package dev.sluice.executor.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.ClientCertificate;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.testing.TestTls;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemObjectGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CertificateReaderTest {

    private static final OrganizationId ORGANIZATION = new OrganizationId(Ids.next());
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
    private static final String OPENSSL_ENCRYPTED = """
            -----BEGIN RSA PRIVATE KEY-----
            Proc-Type: 4,ENCRYPTED
            DEK-Info: AES-256-CBC,000102030405060708090A0B0C0D0E0F

            AAAAAAAAAAAAAAAAAAAAAA==
            -----END RSA PRIVATE KEY-----
            """;
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    @ParameterizedTest
    @CsvSource({"RSA,SHA256withRSA", "EC,SHA256withECDSA", "Ed25519,Ed25519", "Ed448,Ed448"})
    void readsKeysOfEachAlgorithm(String algorithm, String signing) throws Exception {
        KeyPair pair = pair(algorithm);
        X509Certificate own = certificate(pair, signing, NOW.plusSeconds(60));
        String key = pem(new JcaPKCS8Generator(pair.getPrivate(), null));
        assertThat(key).startsWith("-----BEGIN PRIVATE KEY-----");

        ClientCertificate read = read(pem(own), key);

        assertThat(read.chain()).containsExactly(own);
        assertThat(read.key()).isEqualTo(pair.getPrivate());
    }

    @ParameterizedTest
    @CsvSource({"RSA,SHA256withRSA,RSA PRIVATE KEY", "EC,SHA256withECDSA,EC PRIVATE KEY"})
    void readsOlderFormsOfKeys(String algorithm, String signing, String kind) throws Exception {
        KeyPair pair = pair(algorithm);
        X509Certificate own = certificate(pair, signing, NOW.plusSeconds(60));
        String key = pem(older(pair.getPrivate(), kind));
        assertThat(key).startsWith("-----BEGIN " + kind + "-----");

        PrivateKey read = read(pem(own), "a word before\n" + key).key();
        assertThat(secret(read)).isEqualTo(secret(pair.getPrivate()));
    }

    @Test
    void keepsTheOrderOfTheChainAndSkipsWhatIsNoCertificate() throws Exception {
        KeyPair pair = pair("EC");
        X509Certificate own = certificate(pair, "SHA256withECDSA", NOW.plusSeconds(60));
        X509Certificate other = certificate(pair("RSA"), "SHA256withRSA", NOW.plusSeconds(60));
        String key = pem(new JcaPKCS8Generator(pair.getPrivate(), null));
        String all = pem(own) + key + pem(other);

        ClientCertificate read = read(all, all);

        assertThat(read.chain()).containsExactly(own, other);
        assertThat(read.key()).isEqualTo(pair.getPrivate());
        assertThat(read).as("however it is written").isEqualTo(read(all + "\n", "\n" + all));
    }

    @Test
    void refusesWhatCannotBeShown(@TempDir Path folder) throws Exception {
        KeyPair pair = pair("EC");
        String own = pem(certificate(pair, "SHA256withECDSA", NOW.plusSeconds(60)));
        String key = pem(new JcaPKCS8Generator(pair.getPrivate(), null));
        fails(own, TestTls.in(folder, "other").keyPem(), "'key' of the authentication is not the key of the first");
        fails(own, pem(new JcaPKCS8Generator(pair("RSA").getPrivate(), null)), "is not the key of the first");
        fails(own, own, "'key' of the authentication has no private key in PEM");
        fails(key, key, "'chain' of the authentication has no certificate in PEM");
        fails("", key, "'chain' of the authentication is missing");
        fails(own, "nothing of the kind", "has no private key in PEM");
        fails(own, key.replace("M", "!"), "'key' of the authentication is no");
        fails(own.substring(0, own.length() / 2), key, "'chain' of the authentication is no PEM that can be read");
        fails(own.repeat(11), key, "'chain' of the authentication has more than 10 certificates");
        fails(own + " ".repeat(70_000), key, "'chain' of the authentication is longer than 65536 characters");
        String late = pem(certificate(pair, "SHA256withECDSA", NOW.minusSeconds(60)));
        fails(own + late, key, "has a certificate that expired at 2026-05-31T23:59:00Z");
        String early = pem(certificate(pair, "SHA256withECDSA", NOW.plusSeconds(3600), NOW.plusSeconds(7200)));
        fails(early, key, "has a certificate that is not valid before 2026-06-01T01:00:00Z");
        fails(late, key, "has a certificate that expired at 2026-05-31T23:59:00Z");
    }

    @Test
    void refusesKeysUnderAPassphrase() throws Exception {
        KeyPair pair = pair("RSA");
        String own = pem(certificate(pair, "SHA256withRSA", NOW.plusSeconds(60)));
        var under = new EncryptedPrivateKeyInfo(
                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2),
                pair.getPrivate().getEncoded());
        String encrypted = pem(new PemObject("ENCRYPTED PRIVATE KEY", under.getEncoded()));
        assertThat(encrypted).startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");
        fails(own, encrypted, "'key' of the authentication is under a passphrase");
        fails(own, OPENSSL_ENCRYPTED, "'key' of the authentication is under a passphrase");
    }

    /** Numbers that are longer than they must be make each signature as long as whoever wrote them likes. */
    @Test
    void makesNothingLongerOfRsaThanItMustBe() throws Exception {
        KeyPair pair = pair("RSA");
        String own = pem(certificate(pair, "SHA256withRSA", NOW.plusSeconds(60)));
        var key = (RSAPrivateCrtKey) pair.getPrivate();
        BigInteger order = key.getPrimeP()
                .subtract(BigInteger.ONE)
                .multiply(key.getPrimeQ().subtract(BigInteger.ONE));
        BigInteger padding = key.getPrivateExponent().add(order.shiftLeft(20_000));
        String padded =
                rsa(key.getModulus(), key.getPublicExponent(), padding, key.getPrimeP(), key.getPrimeQ(), padding);

        var read = (RSAPrivateCrtKey) read(own, padded).key();

        assertThat(read.getPrivateExponent().bitLength()).isLessThanOrEqualTo(3072);
        assertThat(read.getPrimeExponentP()).isEqualTo(key.getPrimeExponentP());
        assertThat(read.getCrtCoefficient()).isEqualTo(key.getCrtCoefficient());

        BigInteger zero = BigInteger.ZERO;
        String bare = rsa(key.getModulus(), key.getPublicExponent(), key.getPrivateExponent(), zero, zero, zero);
        fails(own, bare, "'key' of the authentication cannot be used: its numbers do not go together");
        String wide = rsa(key.getModulus(), key.getPublicExponent(), padding, padding, key.getPrimeQ(), zero);
        fails(own, wide, "its numbers do not go together");
        String exponent = rsa(key.getModulus(), padding, zero, key.getPrimeP(), key.getPrimeQ(), zero);
        fails(own, exponent, "its numbers do not go together");
        BigInteger large = BigInteger.ONE.shiftLeft(8_191).setBit(0);
        fails(own, rsa(large, BigInteger.TWO, zero, zero, zero, zero), "it is longer than 4096 bits");
    }

    private static String rsa(
            BigInteger modulus, BigInteger exponent, BigInteger secret, BigInteger p, BigInteger q, BigInteger rest)
            throws IOException {
        var numbers = new org.bouncycastle.asn1.pkcs.RSAPrivateKey(modulus, exponent, secret, p, q, rest, rest, rest);
        var info = new PrivateKeyInfo(new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption), numbers);
        return pem(new PemObject("PRIVATE KEY", info.getEncoded()));
    }

    private static BigInteger secret(PrivateKey key) {
        return key instanceof RSAPrivateKey rsa
                ? rsa.getPrivateExponent()
                : ((java.security.interfaces.ECPrivateKey) key).getS();
    }

    /** As {@code openssl genrsa -traditional} and {@code openssl ecparam -genkey} write them. */
    private static PemObjectGenerator older(PrivateKey key, String kind) throws IOException {
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
        byte[] inner = info.parsePrivateKey().toASN1Primitive().getEncoded();
        if (kind.startsWith("EC")) {
            var named = info.getPrivateKeyAlgorithm().getParameters();
            BigInteger secret = ECPrivateKey.getInstance(inner).getKey();
            inner = new ECPrivateKey(384, secret, named).getEncoded();
        }
        return new PemObject(kind, inner);
    }

    private static void fails(String chain, String key, String message) {
        assertThatThrownBy(() -> read(chain, key)).isInstanceOfSatisfying(AuthenticationException.class, e -> {
            assertThat(e.reason()).isEqualTo(AuthenticationException.Reason.CONFIGURATION);
            assertThat(e).hasMessageContaining(message);
            assertThat(e.getMessage()).doesNotContain("MI");
        });
    }

    private static ClientCertificate read(String chain, String key) {
        Settings settings = Settings.of(Json.object().put("chain", chain).put("key", key));
        return new CertificateReader(settings, CLOCK).read(ORGANIZATION);
    }

    private static KeyPair pair(String algorithm) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        if (algorithm.equals("EC")) {
            generator.initialize(new ECGenParameterSpec("secp384r1"));
        }
        return generator.generateKeyPair();
    }

    private static X509Certificate certificate(KeyPair pair, String algorithm, Instant end)
            throws GeneralSecurityException, OperatorCreationException {
        return certificate(pair, algorithm, NOW.minus(Duration.ofDays(2)), end);
    }

    private static X509Certificate certificate(KeyPair pair, String algorithm, Instant begin, Instant end)
            throws GeneralSecurityException, OperatorCreationException {
        X500Name name = new X500Name("CN=client");
        var builder = new JcaX509v3CertificateBuilder(
                name, BigInteger.TEN, Date.from(begin), Date.from(end), name, pair.getPublic());
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(pair.getPrivate())));
    }

    private static String pem(X509Certificate certificate) throws IOException {
        return pem(new JcaMiscPEMGenerator(certificate));
    }

    private static String pem(PemObjectGenerator generator) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(generator);
        }
        return text.toString();
    }
}
