/** Who belongs to an organization, what they may do in it, and how they get there. */
@NullMarked
package dev.sluice.gateway.member;

import org.jspecify.annotations.NullMarked;
