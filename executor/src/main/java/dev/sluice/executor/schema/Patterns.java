package dev.sluice.executor.schema;

import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;
import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.regex.Regex;
import dev.sluice.executor.expression.regex.RegexException;
import java.util.function.Supplier;

/** {@code pattern} and {@code patternProperties} by the engine's own matcher, whose steps count: authors write them. */
final class Patterns implements RegularExpressionFactory {

    private static final ScopedValue<Budget> PAYING = ScopedValue.newInstance();

    /** Runs code whose compilations and matches are paid from a budget. */
    static <T> T paid(Budget budget, Supplier<T> code) {
        return ScopedValue.where(PAYING, budget).call(code::get);
    }

    /** Throws IllegalArgumentException for what is no pattern. */
    @Override
    public RegularExpression getRegularExpression(String pattern) {
        try {
            Regex regex = Regex.compile(pattern, "", PAYING.get());
            return text -> regex.find(text, 0, PAYING.get()) != null;
        } catch (RegexException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
