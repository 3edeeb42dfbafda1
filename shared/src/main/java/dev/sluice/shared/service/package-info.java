/** What both services are configured with and how they start. */
@NullMarked
package dev.sluice.shared.service;

import org.jspecify.annotations.NullMarked;
