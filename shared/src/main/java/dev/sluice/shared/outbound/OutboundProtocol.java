package dev.sluice.shared.outbound;

/** What is spoken to a server. */
public enum OutboundProtocol {
    /** HTTP/1.1; over TLS HTTP/2 where the server offers it (ALPN). */
    AUTO,
    /** HTTP/1.1, also over TLS. */
    HTTP1,
    /** HTTP/2 without TLS, by prior knowledge (RFC 9113, section 3.3). */
    H2C,
    /** HTTP/2 and nothing else, over TLS (ALPN) as well as without. */
    HTTP2
}
