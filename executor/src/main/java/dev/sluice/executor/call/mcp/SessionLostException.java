package dev.sluice.executor.call.mcp;

import dev.sluice.executor.call.rpc.RpcEvent;

/** The server does not know the session any more, and so has done nothing with what it was sent. */
final class SessionLostException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient RpcEvent.Refused answer;

    SessionLostException(RpcEvent.Refused answer) {
        super(null, null, false, false);
        this.answer = answer;
    }

    /** How it said so. */
    RpcEvent.Refused answer() {
        return answer;
    }
}
