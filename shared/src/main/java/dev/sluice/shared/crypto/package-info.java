/** The only vault: secrets sealed with a data key per organization, which the master key wraps. */
@NullMarked
package dev.sluice.shared.crypto;

import org.jspecify.annotations.NullMarked;
