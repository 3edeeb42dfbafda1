/** Answers of upstreams that are kept for whoever asks the same next (RFC 9111, as a shared cache). */
@NullMarked
package dev.sluice.gateway.keeping;

import org.jspecify.annotations.NullMarked;
