/** JSON-RPC 2.0 over HTTP, answered by JSON or by a stream of server-sent events. */
@NullMarked
package dev.sluice.executor.call.rpc;

import org.jspecify.annotations.NullMarked;
