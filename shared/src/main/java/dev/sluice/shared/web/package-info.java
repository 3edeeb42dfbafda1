/** What every HTTP request of both services gets: an identity, a bounded body, and problem+json for any error. */
@NullMarked
package dev.sluice.shared.web;

import org.jspecify.annotations.NullMarked;
