/** The routes that organizations publish: from a path of theirs to an upstream of theirs, kept in versions. */
@NullMarked
package dev.sluice.gateway.published;

import org.jspecify.annotations.NullMarked;
