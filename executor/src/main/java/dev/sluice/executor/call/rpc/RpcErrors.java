package dev.sluice.executor.call.rpc;

import dev.sluice.executor.engine.CallFailure;
import dev.sluice.executor.engine.ErrorType;

/**
 * What a workflow sees of answers that are none. What was said in JSON-RPC is a {@code runtime} error, as the DSL's reference
 * has it; whatever kept it from being said is a {@code communication} error.
 */
public final class RpcErrors {

    private static final int LONGEST_MESSAGE = 300;
    private static final int BAD_GATEWAY = 502;
    private static final String COMMUNICATION = "Communication Error";

    private RpcErrors() {}

    /** The other side answered with an error. */
    public static CallFailure failed(RpcMessage.Failure failure, String instance) {
        return said("The answer is " + described(failure), instance);
    }

    /** What the other side said is not what can be gone on with. */
    public static CallFailure said(String detail, String instance) {
        return new CallFailure(ErrorType.RUNTIME.at(instance, detail));
    }

    /** The other side asks back more often than anybody should before it answers. */
    public static CallFailure endless(String instance) {
        return new CallFailure(ErrorType.RUNTIME.at(instance, "The server asks back without end."), true);
    }

    /** The request was not taken. */
    public static CallFailure refused(RpcEvent.Refused refused, String instance) {
        int status = refused.head().status();
        String reason = refused.reason().isEmpty() ? "." : ": " + refused.reason();
        return new CallFailure(ErrorType.COMMUNICATION.at(
                instance, status, COMMUNICATION, "The upstream answered with status " + status + reason));
    }

    /** What came cannot be read, so that nobody knows what it says, unless it is too much: that it is the next time too. */
    public static CallFailure broken(RpcEvent.Broken broken, String instance) {
        return new CallFailure(
                ErrorType.COMMUNICATION.at(instance, BAD_GATEWAY, COMMUNICATION, broken.reason()), !broken.tooLarge());
    }

    /** The other side stopped without an answer. */
    public static CallFailure unanswered(String instance) {
        return new CallFailure(
                ErrorType.COMMUNICATION.at(
                        instance, BAD_GATEWAY, COMMUNICATION, "The response ended without an answer to the request."),
                true);
    }

    /**
     * There was no answer in time.
     *
     * @param sent whether the request may have reached the other side
     */
    public static CallFailure late(boolean sent, String instance) {
        return new CallFailure(ErrorType.TIMEOUT.at(instance, "The upstream did not answer in time."), sent);
    }

    /** The code, and the message unless that is long: half a secret would not be recognized and taken out. */
    static String described(RpcMessage.Failure failure) {
        String message = failure.message().strip();
        boolean shown = !message.isEmpty() && message.length() <= LONGEST_MESSAGE;
        return "error " + failure.code() + (shown ? ": " + message : ".");
    }
}
