package dev.sluice.executor.engine;

import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.Reopening;
import dev.sluice.executor.journal.RunJournal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides with which key an effect that failed is tried again. */
public final class Retries {

    private Retries() {}

    /**
     * How a faulted run goes on. A call whose outcome is known is another call the next time; one whose outcome is not known
     * is the same call still.
     *
     * @param origin path of the entry that failed, as {@link TaskFault#origin} gives it
     */
    public static Reopening.Retry of(RunJournal journal, @Nullable String origin) {
        Optional<Entry> failed = Optional.ofNullable(origin).flatMap(journal::at);
        int number = journal.reopenings().count() + 1;
        return failed.map(entry -> new Reopening.Retry(
                        entry.path(), Outcome.isUnknown(entry) ? null : entry.path() + "/r" + number))
                .orElseGet(() -> new Reopening.Retry(null, null));
    }
}
