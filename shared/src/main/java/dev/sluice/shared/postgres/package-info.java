/** PostgreSQL for both services: pools per database role, tenant transactions, group commit and migrations. */
@NullMarked
package dev.sluice.shared.postgres;

import org.jspecify.annotations.NullMarked;
