package dev.sluice.shared.local;

/** Closes a part without keeping the next from being closed. */
final class Closing {
    private Closing() {}

    static void quietly(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            System.err.println("While stopping: " + e.getMessage());
        }
    }
}
