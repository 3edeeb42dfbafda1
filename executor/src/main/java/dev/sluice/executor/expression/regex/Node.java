package dev.sluice.executor.expression.regex;

import java.util.List;

/** A parsed pattern. Each part knows how many characters it takes at least and at most. */
sealed interface Node {

    /** More characters than there are. */
    int UNBOUNDED = Integer.MAX_VALUE;

    int min();

    int max();

    /** Where something matches that takes no character. */
    enum Place {
        BEGIN,
        END,
        END_OR_LAST_NEWLINE,
        LINE_BEGIN,
        LINE_END,
        WORD_EDGE,
        NO_WORD_EDGE,
        SEARCH_BEGIN
    }

    /** How often a repetition tries first. A possessive one gives nothing back. */
    enum Greed {
        GREEDY,
        LAZY,
        POSSESSIVE
    }

    /** Takes no character. */
    sealed interface Still extends Node {
        @Override
        default int min() {
            return 0;
        }

        @Override
        default int max() {
            return 0;
        }
    }

    /** Takes one character. */
    sealed interface Single extends Node {
        @Override
        default int min() {
            return 1;
        }

        @Override
        default int max() {
            return 1;
        }

        /** What it takes. */
        CharSet set();
    }

    record Empty() implements Still {}

    record At(Place place) implements Still {}

    /** \K: what was matched so far is not part of the match. */
    record Keep() implements Still {}

    /** Three registers from the one given are its own. */
    record Look(Node node, boolean behind, boolean negative, int register) implements Still {}

    record Literal(int character, boolean fold) implements Single {
        @Override
        public CharSet set() {
            return CharSet.of(character, fold);
        }
    }

    record OneOf(CharSet set) implements Single {}

    /** \R. */
    record Newline() implements Node {
        @Override
        public int min() {
            return 1;
        }

        @Override
        public int max() {
            return 2;
        }
    }

    /** What one of the groups matched, the last that did first. */
    record Reference(List<Integer> groups, boolean fold) implements Node {
        @Override
        public int min() {
            return 0;
        }

        @Override
        public int max() {
            return UNBOUNDED;
        }
    }

    record Capture(int group, Node node, int min, int max) implements Node {
        Capture(int group, Node node) {
            this(group, node, node.min(), node.max());
        }
    }

    /** Gives nothing back. The register is its own. */
    record Atomic(Node node, int register, int min, int max) implements Node {
        Atomic(Node node, int register) {
            this(node, register, node.min(), node.max());
        }
    }

    record Sequence(List<Node> nodes, int min, int max) implements Node {
        static Node of(List<Node> nodes) {
            if (nodes.size() == 1) {
                return nodes.getFirst();
            }
            int min = 0;
            int max = 0;
            for (Node node : nodes) {
                min = plus(min, node.min());
                max = plus(max, node.max());
            }
            return nodes.isEmpty() ? new Empty() : new Sequence(List.copyOf(nodes), min, max);
        }
    }

    record Choice(List<Node> nodes, int min, int max) implements Node {
        static Node of(List<Node> nodes) {
            if (nodes.size() == 1) {
                return nodes.getFirst();
            }
            int min = nodes.stream().mapToInt(Node::min).min().orElseThrow();
            int max = nodes.stream().mapToInt(Node::max).max().orElseThrow();
            return new Choice(List.copyOf(nodes), min, max);
        }
    }

    /** Between so many and so many times. Possessive only if single. The register is its own. */
    record Repeat(Node node, int least, int most, Greed greed, int register, int min, int max) implements Node {
        Repeat(Node node, int least, int most, Greed greed, int register) {
            this(node, least, most, greed, register, times(node.min(), least), times(node.max(), most));
        }
    }

    private static int plus(int a, int b) {
        return (int) Math.min(UNBOUNDED, (long) a + b);
    }

    private static int times(int a, int b) {
        return a == 0 || b == 0 ? 0 : (int) Math.min(UNBOUNDED, (long) a * b);
    }
}
