/** Errors that leave Sluice: one exception with a stable type, rendered as RFC 9457 problem details. */
@NullMarked
package dev.sluice.shared.problem;

import org.jspecify.annotations.NullMarked;
