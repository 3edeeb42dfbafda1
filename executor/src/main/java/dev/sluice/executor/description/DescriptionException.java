package dev.sluice.executor.description;

/** A document that describes no API, or not what is asked for, or what is not available. The message is shown to authors. */
public class DescriptionException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Says why. */
    public DescriptionException(String message) {
        super(message);
    }
}
