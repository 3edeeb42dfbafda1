/** Documents that describe APIs, and the references within them and to others. */
@NullMarked
package dev.sluice.executor.description;

import org.jspecify.annotations.NullMarked;
