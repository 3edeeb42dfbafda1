package dev.sluice.shared.problem;

/** Who has to act on an error. */
public enum ErrorCategory {
    /** The caller sent something that cannot work; sending it again changes nothing. */
    CLIENT,
    /** A bound was reached; the same request works later. */
    CAPACITY,
    /** Something Sluice depends on failed. */
    UPSTREAM,
    /** A defect of Sluice. */
    INTERNAL
}
