/** Sessions: people who have logged in, and how each of their requests is known to be theirs. */
@NullMarked
package dev.sluice.gateway.session;

import org.jspecify.annotations.NullMarked;
