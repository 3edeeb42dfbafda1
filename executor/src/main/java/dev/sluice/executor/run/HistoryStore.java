package dev.sluice.executor.run;

/** SQL by which what is left of runs that have ended goes, once it is as old as the policy says. */
final class HistoryStore {

    static final String DROP = "select workflow.drop_partition($1 * interval '1 second')";

    static final String FORGET = "select workflow.forget_unpartitioned($2 * interval '1 second', $1)";

    static final String FORGET_RUNS = "select workflow.forget_runs($2 * interval '1 second', $1)";

    static final String FORGET_EMITTED = "select workflow.forget_emitted($2 * interval '1 second', $1)";

    private HistoryStore() {}
}
