/** The one JSON tree of Sluice, and the bounds foreign JSON is read within. */
@NullMarked
package dev.sluice.shared.json;

import org.jspecify.annotations.NullMarked;
