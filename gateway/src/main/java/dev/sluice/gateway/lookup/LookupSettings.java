package dev.sluice.gateway.lookup;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a lookup cache behaves.
 *
 * @param maxPresent   rows kept, the least used leave first
 * @param maxAbsent    hashes known to have no row, kept apart so that guessing does not push rows out
 * @param refreshAfter age at which a used row is read again in the background; so long may a change stay unseen
 * @param keepFor      age at which a row is dropped; so long goes a known caller on while PostgreSQL is away
 * @param absentFor    how long a hash without a row is not looked up again
 * @param maxLookups   unknown hashes looked up at once; well below the connections there are, so that guessing leaves some
 * @param maxWaiting   unknown hashes that wait to be looked up; more are refused
 */
public record LookupSettings(
        @DefaultValue("50000") @Positive int maxPresent,
        @DefaultValue("50000") @Positive int maxAbsent,
        @DefaultValue("30s") @NotNull Duration refreshAfter,
        @DefaultValue("15m") @NotNull Duration keepFor,
        @DefaultValue("3s") @NotNull Duration absentFor,
        @DefaultValue("4") @Positive int maxLookups,
        @DefaultValue("1000") @Positive int maxWaiting) {}
