/** Trace context and log format: how one request is followed through both services. */
@NullMarked
package dev.sluice.shared.telemetry;

import org.jspecify.annotations.NullMarked;
