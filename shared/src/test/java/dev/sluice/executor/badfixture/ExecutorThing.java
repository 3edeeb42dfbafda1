package dev.sluice.executor.badfixture;

import dev.sluice.gateway.badfixture.GatewayThing;

/** An executor class that knows the gateway, which the architecture rules must find. */
public final class ExecutorThing {
    public GatewayThing other() {
        return new GatewayThing();
    }
}
