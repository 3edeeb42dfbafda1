package dev.sluice.loadtest.drill;

import java.time.Instant;

/**
 * One request as the upstream received it.
 *
 * @param key    its {@code Idempotency-Key}
 * @param number of the run, as its input names it
 * @param step   of the workflow
 * @param serial the upstream's own number of it, which a good answer carries
 */
record Call(String key, int number, String step, long serial, Instant arrivedAt) {}
