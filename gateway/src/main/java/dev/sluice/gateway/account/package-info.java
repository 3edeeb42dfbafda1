/** What a person who has logged in does with their own account. */
@NullMarked
package dev.sluice.gateway.account;

import org.jspecify.annotations.NullMarked;
