package dev.sluice.gateway.badfixture;

import dev.sluice.executor.badfixture.ExecutorThing;

/** A gateway class that knows the executor, which the architecture rules must find. */
public final class GatewayThing {
    public ExecutorThing other() {
        return new ExecutorThing();
    }
}
