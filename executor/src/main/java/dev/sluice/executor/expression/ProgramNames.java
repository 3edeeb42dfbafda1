package dev.sluice.executor.expression;

import java.util.List;
import java.util.Set;

/**
 * The names in a program.
 *
 * @param variables variables it reads, without {@code $}
 * @param bound     variables it gives a value itself, by {@code as}, {@code label} or as a parameter
 * @param calls     functions, formats ({@code @name}) and excluded keywords it uses
 * @param defined   functions it defines itself, as {@code name/arity}
 */
record ProgramNames(List<Use> variables, Set<String> bound, List<Use> calls, Set<String> defined) {

    /**
     * One use of a name.
     *
     * @param name   without {@code $} for a variable
     * @param arity  number of arguments of a call, 0 for a variable
     * @param offset place in the program, in characters from 0
     */
    record Use(String name, int arity, int offset) {

        String signature() {
            return name + '/' + arity;
        }
    }
}
