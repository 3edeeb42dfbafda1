/** Takes events over from the gateways and starts the runs they trigger; finds what was never handed over. */
@NullMarked
package dev.sluice.executor.dispatch;

import org.jspecify.annotations.NullMarked;
