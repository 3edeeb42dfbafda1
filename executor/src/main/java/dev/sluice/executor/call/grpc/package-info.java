/** Calls of gRPC, in its protocol over HTTP/2 (gRPC over HTTP2, PROTOCOL-HTTP2.md). */
@NullMarked
package dev.sluice.executor.call.grpc;

import org.jspecify.annotations.NullMarked;
