/** The end of organizations: asked for, called off, carried out step by step, certified (ADR 38). */
@NullMarked
package dev.sluice.gateway.deletion;

import org.jspecify.annotations.NullMarked;
