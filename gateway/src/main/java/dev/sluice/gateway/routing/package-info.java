/** The routes that pass requests on to an executor, with an identity of the gateway's own making. */
@NullMarked
package dev.sluice.gateway.routing;

import org.jspecify.annotations.NullMarked;
