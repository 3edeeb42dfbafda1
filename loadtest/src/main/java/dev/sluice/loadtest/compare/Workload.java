package dev.sluice.loadtest.compare;

/** What is asked of every engine. A peer that cannot do one of them leaves it out. */
enum Workload {
    /** A workflow of one step inside the engine, its result committed before the answer. */
    ONE_STEP("1 step", 1),
    /** Nine of them, each committed before the next begins. */
    NINE_STEPS("9 steps", 9),
    /** Three HTTP calls to the simulator, one after another, then the answer. */
    THREE_CALLS("3 HTTP calls", 3);

    private final String title;
    private final int steps;

    Workload(String title, int steps) {
        this.title = title;
        this.steps = steps;
    }

    String title() {
        return title;
    }

    int steps() {
        return steps;
    }
}
