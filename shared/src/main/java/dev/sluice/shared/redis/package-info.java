/** The hand-over of work through Redis: ids only, one stream per organization, taken in fair turns. */
@NullMarked
package dev.sluice.shared.redis;

import org.jspecify.annotations.NullMarked;
