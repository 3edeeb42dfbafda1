package dev.sluice.executor.expression.program;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A function as it is called: recursive ones are, all others are parts of those that call them. Complete once its program is compiled. */
final class Routine {

    private @Nullable Node body;
    private int slots;

    void complete(Node compiled, int itsSlots) {
        this.body = compiled;
        this.slots = itsSlots;
    }

    Node body() {
        return Objects.requireNonNull(body);
    }

    int slots() {
        return slots;
    }
}
