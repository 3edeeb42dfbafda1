package dev.sluice.executor.expression.syntax;

/** The binary operators, from those that bind least to those that bind most. */
public enum Operator {
    ALTERNATIVE("//", 1),
    ASSIGN("=", 2),
    UPDATE("|=", 2),
    UPDATE_ADD("+=", 2),
    UPDATE_SUBTRACT("-=", 2),
    UPDATE_MULTIPLY("*=", 2),
    UPDATE_DIVIDE("/=", 2),
    UPDATE_MODULO("%=", 2),
    UPDATE_ALTERNATIVE("//=", 2),
    OR("or", 3),
    AND("and", 4),
    EQUAL("==", 5),
    UNEQUAL("!=", 5),
    LESS("<", 5),
    LESS_OR_EQUAL("<=", 5),
    GREATER(">", 5),
    GREATER_OR_EQUAL(">=", 5),
    ADD("+", 6),
    SUBTRACT("-", 6),
    MULTIPLY("*", 7),
    DIVIDE("/", 7),
    MODULO("%", 7);

    private static final int ASSIGNMENT = 2;
    private static final int COMPARISON = 5;

    private final String symbol;
    private final int strength;

    Operator(String symbol, int strength) {
        this.symbol = symbol;
        this.strength = strength;
    }

    /** As it is written. */
    public String symbol() {
        return symbol;
    }

    int strength() {
        return strength;
    }

    /** Whether {@code a op b op c} is refused. */
    boolean isAlone() {
        return strength == ASSIGNMENT || strength == COMPARISON;
    }

    /** Whether it is neither an assignment nor an alternative. */
    public boolean isChained() {
        return strength > ASSIGNMENT;
    }

    /** The arithmetic of an update such as {@code +=}, or itself. */
    public Operator arithmetic() {
        return switch (this) {
            case UPDATE_ADD -> ADD;
            case UPDATE_SUBTRACT -> SUBTRACT;
            case UPDATE_MULTIPLY -> MULTIPLY;
            case UPDATE_DIVIDE -> DIVIDE;
            case UPDATE_MODULO -> MODULO;
            case UPDATE_ALTERNATIVE -> ALTERNATIVE;
            case ALTERNATIVE,
                    ASSIGN,
                    UPDATE,
                    OR,
                    AND,
                    EQUAL,
                    UNEQUAL,
                    LESS,
                    LESS_OR_EQUAL,
                    GREATER,
                    GREATER_OR_EQUAL,
                    ADD,
                    SUBTRACT,
                    MULTIPLY,
                    DIVIDE,
                    MODULO -> this;
        };
    }
}
