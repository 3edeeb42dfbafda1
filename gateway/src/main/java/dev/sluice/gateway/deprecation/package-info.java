/** What is on its way out, and how callers hear of it (RFC 9745, RFC 8594). */
@NullMarked
package dev.sluice.gateway.deprecation;

import org.jspecify.annotations.NullMarked;
