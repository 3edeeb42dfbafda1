package dev.sluice.loadtest.drill;

import dev.sluice.loadtest.drill.Account.Repeated;
import dev.sluice.loadtest.drill.Account.Toll;
import dev.sluice.loadtest.drill.Request.Kind;
import dev.sluice.loadtest.drill.Request.Told;
import java.util.Locale;
import java.util.function.Predicate;

/** An account as Markdown. */
final class Report {

    private final Account account;
    private final int most;
    private final StringBuilder text = new StringBuilder();

    private Report(Account account, int most) {
        this.account = account;
        this.most = most;
    }

    /**
     * The totals, each kill, each repeated call, and what is wrong.
     *
     * @param most lines of each of the last two
     */
    static String of(Account account, int most) {
        return new Report(account, most).write();
    }

    private String write() {
        totals();
        kills();
        repeated();
        discrepancies();
        return text.toString();
    }

    private void totals() {
        line("| requests | sent | accepted | not told | refused |");
        line("|---|---|---|---|---|");
        for (Kind kind : Kind.values()) {
            line("| %s | %d | %d | %d | %d |"
                    .formatted(
                            kind.text(),
                            count(kind, told -> true),
                            count(kind, Told.Accepted.class::isInstance),
                            count(kind, Told.Nothing.class::isInstance),
                            count(kind, Told.Refused.class::isInstance)));
        }
        Evidence evidence = account.evidence();
        long accepted = evidence.requests().stream()
                .filter(request -> request.told() instanceof Told.Accepted)
                .count();
        line("");
        line("- accepted requests: %d; runs: %d, of which %d completed"
                .formatted(accepted, evidence.runs().size(), account.completed()));
        line("- calls: %d; keys: %d; outcomes in journals: %d; calls repeated: %d"
                .formatted(
                        evidence.calls().size(),
                        account.distinctKeys(),
                        evidence.outcomes().size(),
                        account.repeated().size()));
        line("");
    }

    private long count(Kind kind, Predicate<Told> told) {
        return account.evidence().requests().stream()
                .filter(request -> request.kind() == kind && told.test(request.told()))
                .count();
    }

    private void kills() {
        line("| # | what happened | runs open | calls in flight | of these repeated | all well after |");
        line("|---|---|---|---|---|---|");
        for (Toll toll : account.kills()) {
            Kill kill = toll.kill();
            line(String.format(
                    Locale.ROOT,
                    "| %d | %s | %d | %s | %d | %s |",
                    toll.number(),
                    kill.what(),
                    kill.open(),
                    kill.breaks() ? Long.toString(toll.inFlight()) : "none counted",
                    toll.repeated(),
                    kill.recovery()));
        }
        line("");
    }

    private void repeated() {
        if (account.repeated().isEmpty()) {
            return;
        }
        line("Repeated calls, all of an outcome that was not known:");
        line("");
        line("| run's number | step | key | first | again | kill |");
        line("|---|---|---|---|---|---|");
        int more = Math.max(0, account.repeated().size() - most);
        for (Repeated call : account.repeated().subList(0, account.repeated().size() - more)) {
            line("| %d | %s | %.12s… | %s | %s | %d |"
                    .formatted(
                            call.later().number(),
                            call.later().step(),
                            call.later().key(),
                            call.earlier().arrivedAt(),
                            call.later().arrivedAt(),
                            call.kill()));
        }
        line(more == 0 ? "" : "\nand " + more + " more.\n");
    }

    private void discrepancies() {
        if (account.exact()) {
            line("The account is exact.");
            return;
        }
        line("%d DISCREPANCIES:".formatted(account.discrepancies().size()));
        line("");
        account.discrepancies().stream()
                .limit(most)
                .forEach(found -> line("- " + found.kind() + ": " + found.detail()));
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
