/** Time-ordered and derived identifiers (UUID version 7, RFC 9562). */
@NullMarked
package dev.sluice.shared.id;

import org.jspecify.annotations.NullMarked;
