/** The gateway beside other proxies, all of them in front of the same upstream. */
@NullMarked
package dev.sluice.loadtest.proxy;

import org.jspecify.annotations.NullMarked;
