package dev.sluice.canary;

/** Gives null where nothing may be null. */
final class NullCanary {

    private NullCanary() {}

    static String name() {
        return null;
    }
}
