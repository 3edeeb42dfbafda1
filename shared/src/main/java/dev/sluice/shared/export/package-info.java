/** Rows as lines of JSON, a page at a time, with what tells that a stream of them is whole (ADR 38). */
@NullMarked
package dev.sluice.shared.export;

import org.jspecify.annotations.NullMarked;
