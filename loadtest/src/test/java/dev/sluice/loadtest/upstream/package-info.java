/** Tests of the upstream simulator over real sockets. */
@NullMarked
package dev.sluice.loadtest.upstream;

import org.jspecify.annotations.NullMarked;
