package dev.sluice.executor.engine;

import java.util.regex.Pattern;

/**
 * A place in a run's execution. Its path is the key of journal entries: indices of the tasks from the root, and a counter
 * for every repetition ({@code ~} for a list that was jumped back in, {@code i} for an iteration, {@code t} for an
 * attempt, {@code f} for a branch, {@code e} for an event, {@code p}, {@code m} and {@code a} before, for and after a task with extensions). The same execution always gives the same paths; two executions of one task never share one.
 */
record Position(String path) {

    private static final Pattern ATTEMPT = Pattern.compile("t[0-9]+");

    static final Position ROOT = new Position("");

    /** A task of a list; {@code turn} counts the backward jumps made in the list so far. */
    Position task(int index, int turn) {
        return new Position(turn == 0 ? join(Integer.toString(index)) : join(index + "~" + turn));
    }

    /** A list after so many jumps back. */
    Position turn(int number) {
        return new Position(join("~" + number));
    }

    /** One iteration of a {@code for}, or an element of a stream; as a checkpoint of that, so many elements. */
    Position iteration(int index) {
        return new Position(join("i" + index));
    }

    /** One attempt of a {@code try}, from 0. */
    Position attempt(int number) {
        return new Position(join("t" + number));
    }

    /** The delay after an attempt of a {@code try}. */
    Position delay(int number) {
        return new Position(join("d" + number));
    }

    /** One branch of a {@code fork}. */
    Position branch(int index) {
        return new Position(join("f" + index));
    }

    /** Where a {@code listen} says that it has begun. */
    Position listening() {
        return new Position(join("l"));
    }

    /** Where a {@code listen} says which event it consumed, from 0. */
    Position event(int number) {
        return new Position(join("e" + number));
    }

    /** The tasks of a {@code foreach} for an event. */
    Position processing() {
        return new Position(join("o"));
    }

    /** The tasks that an extension has before a task. */
    Position before(int extension) {
        return new Position(join("p" + extension));
    }

    /** A task between what extensions have before and after it: a checkpoint of it replaces nothing of theirs. */
    Position extended() {
        return new Position(join("m"));
    }

    /** The tasks that an extension has after a task. */
    Position after(int extension) {
        return new Position(join("a" + extension));
    }

    /** Where a fork says which branch decided it, and a stream what did. */
    Position decision() {
        return new Position(join("w"));
    }

    /** The tasks of a {@code catch}. */
    Position handler() {
        return new Position(join("c"));
    }

    /** Where a call that must not be repeated says that it is about to be made. */
    Position begun() {
        return new Position(join("b"));
    }

    /** Where a task says which documents it goes by. */
    Position documents() {
        return new Position(join("r"));
    }

    /** Where a task says which schemas it goes by. */
    Position schemas() {
        return new Position(join("s"));
    }

    /** Where a wait says that a deadline ended it. */
    Position expiry() {
        return new Position(join("x"));
    }

    /** The path without the numbers of attempts: the same for a task in each attempt of the tries around it. */
    String anyAttempt() {
        return path.indexOf('t') < 0 ? path : ATTEMPT.matcher(path).replaceAll("t");
    }

    /** Whether this is the given place or inside it. */
    boolean within(String outer) {
        return outer.isEmpty() || path.equals(outer) || path.startsWith(outer + "/");
    }

    private String join(String segment) {
        return path.isEmpty() ? segment : path + "/" + segment;
    }
}
