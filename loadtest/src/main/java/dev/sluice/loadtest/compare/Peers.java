package dev.sluice.loadtest.compare;

import java.util.List;

/** The engines there are, by name. What each consists of, and in which version, stands in {@code resources/peers}. */
final class Peers {

    static final List<String> NAMES = List.of("sluice", "dbos", "restate", "node-red", "n8n", "conductor");

    private Peers() {}

    static Peer of(String name, Workshop workshop) {
        return switch (name) {
            case "sluice" -> new SluicePeer(workshop);
            case "dbos" -> new DbosPeer(workshop);
            case "restate" -> new RestatePeer(workshop);
            case "node-red" -> new NodeRedPeer(workshop);
            case "n8n" -> new N8nPeer(workshop);
            case "conductor" -> new ConductorPeer(workshop);
            default -> throw new IllegalArgumentException("peer: " + name + " (expected: one of " + NAMES + ")");
        };
    }
}
