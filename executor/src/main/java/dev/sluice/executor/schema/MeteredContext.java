package dev.sluice.executor.schema;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionContext;
import dev.sluice.executor.expression.limit.Budget;

/**
 * One validation that pays for what it does. Validators say each step they take into a schema to the context: a small schema
 * can ask for more of them than anybody can wait for ({@code allOf} of what refers to the schema itself, twice).
 */
final class MeteredContext extends ExecutionContext {

    /** What the frames of validators take of a thread's stack for each part of the path, in levels of expressions. */
    private static final int LEVELS = 3;

    /** What the report of one problem takes, roughly. */
    private static final int BYTES_PER_PROBLEM = 500;

    private final Budget budget;

    MeteredContext(Budget budget) {
        this.budget = budget;
    }

    @Override
    public void evaluationPathAddLast(String token) {
        enter();
        super.evaluationPathAddLast(token);
    }

    @Override
    public void evaluationPathAddLast(int index) {
        enter();
        super.evaluationPathAddLast(index);
    }

    @Override
    public void evaluationPathRemoveLast() {
        super.evaluationPathRemoveLast();
        budget.leave(LEVELS);
    }

    @Override
    public void addError(Error error) {
        budget.bytes(BYTES_PER_PROBLEM);
        super.addError(error);
    }

    private void enter() {
        budget.step();
        budget.enter(LEVELS);
    }
}
