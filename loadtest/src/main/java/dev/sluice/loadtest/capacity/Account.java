package dev.sluice.loadtest.capacity;

import dev.sluice.loadtest.capacity.RunLedger.Ended;
import java.util.BitSet;
import java.util.List;

/** Holds what was accepted against the runs that completed: each number once, and nothing else. */
record Account(RunLedger ledger, String workflow) {

    /** One in so many requests may be without an answer. */
    private static final int MOST_UNKNOWN = 100;

    /** Of everything that was sent; nothing may be open any more. */
    void check(Findings findings, List<Sent> sent) {
        BitSet accepted = new BitSet();
        BitSet unknown = new BitSet();
        sent.forEach(part -> {
            accepted.or(part.acceptedNumbers());
            unknown.or(part.unknownNumbers());
        });
        check(findings, accepted, unknown, 0);
    }

    /**
     * Of some numbers.
     *
     * @param unknown that may have been accepted, or not
     * @param open    runs that have to be open still
     */
    void check(Findings findings, BitSet accepted, BitSet unknown, long open) {
        Tally tally = Tally.of(
                accepted,
                unknown,
                ledger.completed(workflow).stream().map(Ended::number).toList());
        findings.add("account of '" + workflow + "'", tally.toString());
        if (!tally.exact()) {
            findings.wrong("the runs of '" + workflow + "' are not those that were accepted");
        }
        // No scenario takes the gateway away: many without an answer say that it went by itself.
        if (tally.accepted() == 0 || (long) tally.unknown() * MOST_UNKNOWN > tally.accepted()) {
            findings.wrong(tally.accepted() + " requests were accepted, " + tally.unknown() + " not answered");
        }
        ledger.ended(workflow).forEach((status, count) -> {
            if (!status.equals("completed")) {
                findings.wrong(count + " runs of '" + workflow + "' ended as " + status);
            }
        });
        long stillOpen = ledger.open(workflow);
        if (stillOpen != open) {
            findings.wrong(stillOpen + " runs of '" + workflow + "' are open (expected: " + open + ")");
        }
    }
}
