package dev.sluice.gateway.quota;

import dev.sluice.shared.tenancy.OrganizationId;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that an agent has used, or is about to.
 *
 * @param keyHash of the idempotency key, in hexadecimal; absent when each report is another one
 */
record UsageReport(
        UUID id,
        OrganizationId organization,
        LocalDate day,
        long tokens,
        @Nullable String keyHash) {}
