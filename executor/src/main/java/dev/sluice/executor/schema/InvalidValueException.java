package dev.sluice.executor.schema;

/** A value that does not conform to a schema. The message is shown to authors and says where, but not the value. */
public final class InvalidValueException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InvalidValueException(String message) {
        super(message, null, false, false);
    }
}
