package dev.sluice.executor.expression.regex;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The groups and registers of a pattern that is being read. */
final class Groups {

    private static final int MOST = 1_000;
    private static final int SAME_NAME = 32;

    private final Source source;
    private final List<@Nullable String> names = new ArrayList<>();
    private final Map<String, List<Integer>> named = new HashMap<>();
    private int registers;
    private int highestReference;

    Groups(Source source) {
        this.source = source;
    }

    /** Reads the name of a group up to its end. */
    String name(char end) {
        String name = source.until(end, "invalid group name <>");
        if (name.isEmpty()) {
            throw source.invalid("group name is empty");
        }
        int first = name.codePointAt(0);
        if (!Property.Named.WORD.test(first) || Property.Named.DIGIT.test(first) || name.indexOf(')') >= 0) {
            throw source.invalid("invalid group name <" + name + '>');
        }
        return name;
    }

    /** The number of the group that begins. */
    int open(@Nullable String name) {
        names.add(name);
        if (names.size() > MOST) {
            throw source.invalid("too many captures are specified");
        }
        return names.size();
    }

    /** A name can be referred to from here on. */
    void close(int group) {
        String name = names.get(group - 1);
        if (name != null) {
            List<Integer> same = named.computeIfAbsent(name, key -> new ArrayList<>());
            same.addFirst(group);
            if (same.size() > SAME_NAME) {
                throw source.invalid("too many groups have the name <" + name + '>');
            }
        }
    }

    /** The groups of a name, the last first. */
    List<Integer> referenced(String name) {
        List<Integer> found = named.get(name);
        if (found == null) {
            throw source.invalid("undefined name <" + name + "> reference");
        }
        return List.copyOf(found);
    }

    /** A group by its number, which may come later. */
    List<Integer> referenced(int group) {
        if (group < 1) {
            throw badReference();
        }
        highestReference = Math.max(highestReference, group);
        return List.of(group);
    }

    int count() {
        return names.size();
    }

    /** The first of some places of memory for a part of the pattern. */
    int register(int count) {
        int first = registers;
        registers += count;
        return first;
    }

    int registers() {
        return registers;
    }

    List<@Nullable String> names() {
        return Collections.unmodifiableList(names);
    }

    void checkReferences() {
        if (highestReference > names.size()) {
            throw badReference();
        }
    }

    private RegexException badReference() {
        return source.invalid("invalid backref number/name");
    }
}
