/** What organizations keep for their workflows and never see again: secrets, sealed, opened for runs only (ADR 46). */
@NullMarked
package dev.sluice.executor.secret;

import org.jspecify.annotations.NullMarked;
