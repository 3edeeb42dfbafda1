/** How people come in without a password: by an account at a provider, or by a link that is mailed. */
@NullMarked
package dev.sluice.gateway.login;

import org.jspecify.annotations.NullMarked;
