/** CloudEvents 1.0, the one envelope from the webhook's door to the workflow. */
@NullMarked
package dev.sluice.shared.event;

import org.jspecify.annotations.NullMarked;
