/** Tokens of OpenID providers: whose they are, and the keys they are signed with. */
@NullMarked
package dev.sluice.gateway.token;

import org.jspecify.annotations.NullMarked;
