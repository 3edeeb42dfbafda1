/** Who a request comes from, what it may do, and the table that says which permission each route needs. */
@NullMarked
package dev.sluice.gateway.access;

import org.jspecify.annotations.NullMarked;
