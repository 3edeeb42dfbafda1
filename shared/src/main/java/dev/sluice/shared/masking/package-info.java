/** What those see of an organization's data who may not see all of it. */
@NullMarked
package dev.sluice.shared.masking;

import org.jspecify.annotations.NullMarked;
