/** An upstream whose latency, errors, size and streaming are set per request, and which counts what it was asked. */
@NullMarked
package dev.sluice.loadtest.upstream;

import org.jspecify.annotations.NullMarked;
