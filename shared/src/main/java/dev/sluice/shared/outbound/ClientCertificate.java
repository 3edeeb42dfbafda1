package dev.sluice.shared.outbound;

import io.netty.handler.ssl.SslContextBuilder;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a client shows where a connection over TLS is made (RFC 8446, section 4.4.2). Two are the same when their owners and ids are:
 * connections are shared by requests with the same one. Immutable.
 */
public final class ClientCertificate {

    private final String owner;
    private final String id;
    private final PrivateKey key;
    private final List<X509Certificate> chain;

    /**
     * One that has been checked.
     *
     * @param owner who has no connection in common with others, and half of all that there may be
     * @param id    the same for the same key and chain, and different for all others; says nothing about the key
     * @param key   of the first certificate
     * @param chain the client's own certificate, and those that vouch for it one after the other
     * @throws IllegalArgumentException when the chain is empty
     */
    public ClientCertificate(String owner, String id, PrivateKey key, List<X509Certificate> chain) {
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("chain is empty (expected: one or more certificates)");
        }
        this.owner = owner;
        this.id = id;
        this.key = key;
        this.chain = List.copyOf(chain);
    }

    /** The client's own certificate, and those that vouch for it one after the other. */
    public List<X509Certificate> chain() {
        return chain;
    }

    /** Of the first of them. */
    public PrivateKey key() {
        return key;
    }

    String owner() {
        return owner;
    }

    /** Has connections show it. */
    void addTo(SslContextBuilder tls) {
        tls.keyManager(new OneKey(key, chain));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClientCertificate certificate
                && id.equals(certificate.id)
                && owner.equals(certificate.owner);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    /** Whose it is, without the key. */
    @Override
    public String toString() {
        return "ClientCertificate[" + chain.getFirst().getSubjectX500Principal().getName() + "]";
    }
}
