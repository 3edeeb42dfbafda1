/** What connections of HTTP/2 need beside what Netty and Reactor Netty give them, at either end. */
@NullMarked
package dev.sluice.shared.http2;

import org.jspecify.annotations.NullMarked;
