/** The first things a connection and a request meet, whoever sends it. */
@NullMarked
package dev.sluice.gateway.edge;

import org.jspecify.annotations.NullMarked;
