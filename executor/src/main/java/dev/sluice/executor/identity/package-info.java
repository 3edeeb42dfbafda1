/** Who a request acts for, as the gateway's signed assertion says. */
@NullMarked
package dev.sluice.executor.identity;

import org.jspecify.annotations.NullMarked;
