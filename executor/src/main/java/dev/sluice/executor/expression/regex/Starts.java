package dev.sluice.executor.expression.regex;

import dev.sluice.executor.expression.limit.Budget;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a match can begin at all. Immutable. */
final class Starts {

    /** Characters that are gone over before the budget is told, at first. */
    private static final int CHUNK = 256;

    private static final int LARGEST = 8_192;

    /** Characters that are searched for at once; with many, searching could take their number for each of the text. */
    private static final int PREFIX = 16;

    private final String prefix;
    private final @Nullable First first;
    private final boolean atBegin;
    private final boolean atSearchBegin;

    private Starts(String prefix, @Nullable First first, boolean atBegin, boolean atSearchBegin) {
        this.prefix = prefix;
        this.first = first;
        this.atBegin = atBegin;
        this.atSearchBegin = atSearchBegin;
    }

    static Starts of(Node node) {
        Prefix prefix = new Prefix();
        prefix.add(node);
        First first = new First();
        boolean certain = !first.add(node) && !first.everything;
        boolean atBegin = begins(node, Node.Place.BEGIN);
        return new Starts(
                prefix.text.toString(), certain ? first : null, atBegin, begins(node, Node.Place.SEARCH_BEGIN));
    }

    /** The first index from {@code at} on where it is worth trying, -1 if there is none; {@code from} is where the search began. */
    int next(String text, int at, int from, Budget budget) {
        if ((atBegin && at > 0) || (atSearchBegin && at > from) || at > text.length()) {
            return -1;
        }
        if (atBegin || atSearchBegin) {
            return whole(text, at);
        }
        if (!prefix.isEmpty()) {
            return nextPrefix(text, at, budget);
        }
        return first == null ? whole(text, at) : next(first, text, at, budget);
    }

    private int nextPrefix(String text, int at, Budget budget) {
        int begin = at;
        for (int size = CHUNK; begin + prefix.length() <= text.length(); size = larger(size)) {
            int end = text.length() - begin > size + prefix.length() ? begin + size + prefix.length() : text.length();
            int found = text.indexOf(prefix, begin, end);
            budget.steps(((found < 0 ? end : found) - begin) / 16);
            if (found >= 0) {
                return found;
            }
            begin = end - prefix.length() + 1;
        }
        return -1;
    }

    private static int next(First first, String text, int at, Budget budget) {
        int begin = whole(text, at);
        for (int size = CHUNK; begin < text.length(); size = larger(size)) {
            int end = text.length() - begin > size ? begin + size : text.length();
            int found = begin;
            while (found < end && !first.has(text.charAt(found))) {
                found++;
            }
            budget.steps((found - begin) / 16);
            if (found < end) {
                return found;
            }
            begin = end;
        }
        return -1;
    }

    private static int larger(int size) {
        return Math.min(2 * size, LARGEST);
    }

    /** Not within a character of two units. */
    static int whole(String text, int at) {
        boolean within = at > 0
                && at < text.length()
                && Character.isLowSurrogate(text.charAt(at))
                && Character.isHighSurrogate(text.charAt(at - 1));
        return within ? at + 1 : at;
    }

    /** Whether it is compared unit by unit, and can be part of a longer string. */
    static boolean isPlain(Node.Literal literal) {
        return !literal.fold() && (literal.character() < 0xD800 || literal.character() > 0xDFFF);
    }

    /** Whether it matches at such a place only. */
    private static boolean begins(Node node, Node.Place place) {
        return switch (node) {
            case Node.At at -> at.place() == place;
            case Node.Sequence sequence -> beginsSequence(sequence, place);
            case Node.Choice choice -> beginsChoice(choice, place);
            case Node.Capture capture -> begins(capture.node(), place);
            case Node.Atomic atomic -> begins(atomic.node(), place);
            case Node.Repeat repeat -> repeat.least() > 0 && begins(repeat.node(), place);
            case Node.Look look -> false;
            case Node.Empty empty -> false;
            case Node.Keep keep -> false;
            case Node.Single single -> false;
            case Node.Newline newline -> false;
            case Node.Reference reference -> false;
        };
    }

    private static boolean beginsChoice(Node.Choice choice, Node.Place place) {
        for (Node node : choice.nodes()) {
            if (!begins(node, place)) {
                return false;
            }
        }
        return true;
    }

    private static boolean beginsSequence(Node.Sequence sequence, Node.Place place) {
        for (Node node : sequence.nodes()) {
            if (begins(node, place)) {
                return true;
            }
            if (!(node instanceof Node.Still)) {
                return false;
            }
        }
        return false;
    }

    /** The characters it certainly begins with. */
    private static final class Prefix {

        private final StringBuilder text = new StringBuilder();
        private boolean ended;

        void add(Node node) {
            if (ended) {
                return;
            }
            switch (node) {
                case Node.Still still -> {}
                case Node.Literal literal -> add(literal);
                case Node.Sequence sequence -> {
                    for (Node each : sequence.nodes()) {
                        add(each);
                    }
                }
                case Node.Capture capture -> add(capture.node());
                case Node.Atomic atomic -> add(atomic.node());
                case Node.Repeat repeat -> {
                    if (repeat.least() > 0) {
                        add(repeat.node());
                    }
                    ended = true;
                }
                case Node.OneOf oneOf -> ended = true;
                case Node.Choice choice -> ended = true;
                case Node.Newline newline -> ended = true;
                case Node.Reference reference -> ended = true;
            }
        }

        private void add(Node.Literal literal) {
            if (isPlain(literal) && text.length() < PREFIX) {
                text.appendCodePoint(literal.character());
            } else {
                ended = true;
            }
        }
    }

    /** The characters it may begin with: ASCII ones exactly, and whether there are others. */
    private static final class First {

        private long low;
        private long high;
        private boolean others;
        private boolean everything;

        boolean has(char c) {
            return c < 64 ? ((low >>> c) & 1) != 0 : c < 128 ? ((high >>> (c - 64)) & 1) != 0 : others;
        }

        /** Whether it may take no character, so that what follows counts too. */
        boolean add(Node node) {
            return switch (node) {
                case Node.Still still -> true;
                case Node.Literal literal -> literal.fold() ? add(literal.set()) : add(literal.character());
                case Node.OneOf oneOf -> add(oneOf.set());
                case Node.Newline newline -> add(Matcher.NEWLINES);
                case Node.Reference reference -> {
                    everything = true;
                    yield true;
                }
                case Node.Sequence sequence -> addSequence(sequence.nodes());
                case Node.Choice choice -> addChoice(choice.nodes());
                case Node.Capture capture -> add(capture.node());
                case Node.Atomic atomic -> add(atomic.node());
                case Node.Repeat repeat -> add(repeat.node()) || repeat.least() == 0;
            };
        }

        private boolean addSequence(List<Node> nodes) {
            for (Node node : nodes) {
                if (!add(node)) {
                    return false;
                }
            }
            return true;
        }

        private boolean addChoice(List<Node> nodes) {
            boolean mayBeEmpty = false;
            for (Node node : nodes) {
                mayBeEmpty |= add(node);
            }
            return mayBeEmpty;
        }

        private boolean add(int character) {
            low |= character < 64 ? 1L << character : 0;
            high |= character >= 64 && character < 128 ? 1L << (character - 64) : 0;
            others |= character >= 128;
            return false;
        }

        private boolean add(CharSet set) {
            low |= set.low();
            high |= set.high();
            others |= !set.isAscii();
            return false;
        }
    }
}
