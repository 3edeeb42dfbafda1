package dev.sluice.executor.stream;

/** A response that is not of the format it should be of. The message may be shown to whoever asked for it. */
public final class MalformedStreamException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String detail;

    /** Says what is wrong, without what the response has. */
    public MalformedStreamException(String detail) {
        super(detail);
        this.detail = detail;
    }

    /** What is wrong. */
    public String detail() {
        return detail;
    }
}
