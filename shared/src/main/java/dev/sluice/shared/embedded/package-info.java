/** Real PostgreSQL and Redis servers for one machine, unpacked from Maven Central artifacts and run as child processes. */
@NullMarked
package dev.sluice.shared.embedded;

import org.jspecify.annotations.NullMarked;
