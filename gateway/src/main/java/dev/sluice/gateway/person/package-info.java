/** People: who they are and how they prove it. */
@NullMarked
package dev.sluice.gateway.person;

import org.jspecify.annotations.NullMarked;
