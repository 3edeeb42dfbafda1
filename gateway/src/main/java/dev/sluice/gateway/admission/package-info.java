/** Who may send how fast: token buckets per key, organization and endpoint, per node. */
@NullMarked
package dev.sluice.gateway.admission;

import org.jspecify.annotations.NullMarked;
