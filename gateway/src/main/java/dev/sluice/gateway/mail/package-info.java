/** Messages to people by SMTP, sent after the answer to whoever caused them. */
@NullMarked
package dev.sluice.gateway.mail;

import org.jspecify.annotations.NullMarked;
