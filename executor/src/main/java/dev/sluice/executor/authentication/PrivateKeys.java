package dev.sluice.executor.authentication;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * Keys that somebody else has made. Signing takes as long as the numbers in a key are, and it is done on event loops, while
 * connections are made: those of RSA are made anew of the two primes, with no number longer than it must be.
 */
final class PrivateKeys {

    private static final int MOST_BITS = 4_096;
    private static final int MOST_EXPONENT_BITS = 64;
    private static final BigInteger TWO = BigInteger.TWO;

    private PrivateKeys() {}

    /** The key; its message says what is wrong with it, and shows none of it. */
    static PrivateKey of(PrivateKeyInfo info) throws GeneralSecurityException {
        ASN1ObjectIdentifier algorithm = info.getPrivateKeyAlgorithm().getAlgorithm();
        if (algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)) {
            return rsa(info);
        }
        if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            return made("EC", info);
        }
        if (algorithm.equals(EdECObjectIdentifiers.id_Ed25519) || algorithm.equals(EdECObjectIdentifiers.id_Ed448)) {
            return made("EdDSA", info);
        }
        throw new InvalidKeyException("it is none of RSA, elliptic curves, Ed25519 and Ed448");
    }

    /** Whether a key is the one of a certificate. */
    static boolean isPair(PrivateKey key, PublicKey other) throws GeneralSecurityException {
        if (key instanceof RSAPrivateCrtKey own) {
            return other instanceof RSAPublicKey rsa
                    && rsa.getModulus().equals(own.getModulus())
                    && rsa.getPublicExponent().equals(own.getPublicExponent());
        }
        if (!key.getAlgorithm().equals(other.getAlgorithm())) {
            return false;
        }
        String algorithm = key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "EdDSA";
        byte[] challenge = new byte[32];
        new SecureRandom().nextBytes(challenge);
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(challenge);
            Signature verifying = Signature.getInstance(algorithm);
            verifying.initVerify(other);
            verifying.update(challenge);
            return verifying.verify(signing.sign());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static PrivateKey rsa(PrivateKeyInfo info) throws GeneralSecurityException {
        RSAPrivateKey given;
        try {
            given = RSAPrivateKey.getInstance(info.parsePrivateKey());
        } catch (IOException | IllegalArgumentException | ArithmeticException e) {
            throw new InvalidKeyException("it cannot be read", e);
        }
        BigInteger modulus = given.getModulus();
        BigInteger exponent = given.getPublicExponent();
        BigInteger p = given.getPrime1();
        BigInteger q = given.getPrime2();
        if (modulus.bitLength() > MOST_BITS) {
            throw new InvalidKeyException("it is longer than " + MOST_BITS + " bits");
        }
        boolean fits = p.bitLength() <= MOST_BITS
                && q.bitLength() <= MOST_BITS
                && p.compareTo(TWO) > 0
                && q.compareTo(TWO) > 0
                && p.multiply(q).equals(modulus)
                && exponent.signum() > 0
                && exponent.bitLength() <= MOST_EXPONENT_BITS;
        if (!fits) {
            throw new InvalidKeyException("its numbers do not go together");
        }
        return KeyFactory.getInstance("RSA").generatePrivate(made(modulus, exponent, p, q));
    }

    /** RFC 8017, section 3.2. */
    private static RSAPrivateCrtKeySpec made(BigInteger modulus, BigInteger exponent, BigInteger p, BigInteger q)
            throws InvalidKeyException {
        BigInteger beforeP = p.subtract(BigInteger.ONE);
        BigInteger beforeQ = q.subtract(BigInteger.ONE);
        try {
            BigInteger order = beforeP.multiply(beforeQ).divide(beforeP.gcd(beforeQ));
            BigInteger secret = exponent.modInverse(order);
            return new RSAPrivateCrtKeySpec(
                    modulus, exponent, secret, p, q, secret.mod(beforeP), secret.mod(beforeQ), q.modInverse(p));
        } catch (ArithmeticException e) {
            throw new InvalidKeyException("its numbers do not go together", e);
        }
    }

    private static PrivateKey made(String algorithm, PrivateKeyInfo info) throws GeneralSecurityException {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
        } catch (IOException | GeneralSecurityException e) {
            throw new InvalidKeyException("it cannot be read", e);
        }
    }
}
