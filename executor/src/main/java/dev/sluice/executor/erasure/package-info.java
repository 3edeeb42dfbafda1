/** The executor's part in the end of an organization: its runs rest, then its rows go, a step for each request (ADR 38). */
@NullMarked
package dev.sluice.executor.erasure;

import org.jspecify.annotations.NullMarked;
