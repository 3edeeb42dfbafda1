package dev.sluice.executor.call.asyncapi;

import dev.sluice.executor.engine.CallFailure;
import dev.sluice.executor.engine.ErrorType;

/** What a workflow sees when a channel came to nothing. */
final class ChannelErrors {

    private ChannelErrors() {}

    static CallFailure communication(String instance, int status, String detail) {
        return new CallFailure(ErrorType.COMMUNICATION.at(instance, status, "Communication Error", detail));
    }

    static CallFailure status(String instance, int status) {
        return communication(instance, status, "The server answered with status " + status + ".");
    }
}
