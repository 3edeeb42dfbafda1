package dev.sluice.loadtest.compare;

/** An engine to measure. */
interface Peer {

    /** As it is chosen on the command line. */
    String name();

    /** Gets what it needs from its package registry, once; blocks. A {@link CompareFailure} says why it cannot be had. */
    void install();

    /** Starts it with an empty store; blocks until it answers. What it started is the {@link Children}'s to stop. */
    RunningPeer start();
}
