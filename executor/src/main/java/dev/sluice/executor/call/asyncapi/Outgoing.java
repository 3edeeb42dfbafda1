package dev.sluice.executor.call.asyncapi;

import java.net.URI;
import java.util.Map;

/**
 * A message, and where it goes.
 *
 * @param handshake headers by which a WebSocket is opened
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Outgoing(URI uri, String channel, Map<String, String> handshake, byte[] message) {}
