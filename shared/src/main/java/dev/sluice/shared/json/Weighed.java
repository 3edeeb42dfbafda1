package dev.sluice.shared.json;

/**
 * A container that remembers what somebody found out by going over all of it, for who asks next: nodes are not changed once somebody
 * else has them. Thread-safe: whoever does not see it yet finds it out again.
 */
public interface Weighed {

    /** What was found, in the form of whoever found it; zero for nothing yet. */
    long weight();

    /** Remembers it. */
    void weigh(long found);
}
