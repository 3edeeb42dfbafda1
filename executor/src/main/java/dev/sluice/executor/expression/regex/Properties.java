package dev.sluice.executor.expression.regex;

import dev.sluice.executor.expression.regex.Property.Named;
import java.lang.Character.UnicodeBlock;
import java.lang.Character.UnicodeScript;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names of properties. Case, spaces, "_" and "-" in a name do not matter. */
final class Properties {

    /** By the numbers of Character.getType, which leave out 17. */
    private static final List<String> CATEGORIES = List.of(
            "cn unassigned",
            "lu uppercaseletter",
            "ll lowercaseletter",
            "lt titlecaseletter",
            "lm modifierletter",
            "lo otherletter",
            "mn nonspacingmark",
            "me enclosingmark",
            "mc spacingmark",
            "nd decimalnumber",
            "nl letternumber",
            "no othernumber",
            "zs spaceseparator",
            "zl lineseparator",
            "zp paragraphseparator",
            "cc control cntrl",
            "cf format",
            "",
            "co privateuse",
            "cs surrogate",
            "pd dashpunctuation",
            "ps openpunctuation",
            "pe closepunctuation",
            "pc connectorpunctuation",
            "po otherpunctuation",
            "sm mathsymbol",
            "sc currencysymbol",
            "sk modifiersymbol",
            "so othersymbol",
            "pi initialpunctuation",
            "pf finalpunctuation");

    private static final Map<String, String> GROUPS = Map.of(
            "c",
            "other",
            "l",
            "letter",
            "m",
            "mark combiningmark",
            "n",
            "number",
            "p",
            "punctuation punct",
            "s",
            "symbol",
            "z",
            "separator");
    private static final Map<String, Named> ALIASES = Map.of(
            "alphabetic", Named.ALPHA,
            "uppercase", Named.UPPER,
            "lowercase", Named.LOWER,
            "whitespace", Named.SPACE,
            "asciihexdigit", Named.XDIGIT,
            "ahex", Named.XDIGIT,
            "ideo", Named.IDEOGRAPHIC,
            "ids", Named.ID_START,
            "idc", Named.ID_CONTINUE);
    private static final Map<String, Property> KNOWN = known();
    private static final Set<String> POSIX = Set.of(
            "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper",
            "word", "xdigit");
    /** Of a name. */
    private static final int LONGEST = 64;

    private Properties() {}

    /** What \p{name} stands for, or null. */
    static @Nullable Property named(String name) {
        if (name.length() > LONGEST) {
            return null;
        }
        String plain = plain(name);
        Property known = KNOWN.get(plain);
        if (known != null) {
            return known;
        }
        return plain.startsWith("in") ? block(name, plain) : plain.length() == 4 ? script(plain) : null;
    }

    /** What [:name:] stands for, or null. */
    static @Nullable Property posix(String name) {
        return POSIX.contains(name) ? KNOWN.get(name) : null;
    }

    private static String plain(String name) {
        StringBuilder plain = new StringBuilder();
        name.chars().filter(c -> c != ' ' && c != '_' && c != '-').forEach(c -> plain.append((char) c));
        return plain.toString().toLowerCase(Locale.ROOT);
    }

    private static @Nullable Property script(String code) {
        try {
            return new Property.Script(UnicodeScript.forName(code));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable Property block(String name, String plain) {
        String in = name.strip().substring(2);
        String rest = in.startsWith("_") ? in.substring(1) : in;
        for (String each : List.of(rest, rest.replace('_', ' '), plain.substring(2))) {
            try {
                return new Property.Block(UnicodeBlock.forName(each));
            } catch (IllegalArgumentException e) {
                // The next way to write it.
            }
        }
        return null;
    }

    private static Map<String, Property> known() {
        Map<String, Property> known = new HashMap<>();
        for (UnicodeScript script : UnicodeScript.values()) {
            known.put(plain(script.name()), new Property.Script(script));
        }
        Map<String, Integer> groups = new HashMap<>();
        for (int type = 0; type < CATEGORIES.size(); type++) {
            int mask = 1 << type;
            if (mask != 1 << 17) {
                String names = CATEGORIES.get(type);
                put(known, names, new Property.Category(mask));
                groups.merge(names.substring(0, 1), mask, (a, b) -> a | b);
            }
        }
        groups.forEach((letter, mask) -> put(known, letter + ' ' + GROUPS.get(letter), new Property.Category(mask)));
        int cased = (1 << Character.UPPERCASE_LETTER)
                | (1 << Character.LOWERCASE_LETTER)
                | (1 << Character.TITLECASE_LETTER);
        put(known, "lc casedletter", new Property.Category(cased));
        for (Named named : Named.values()) {
            known.put(plain(named.name()), named);
        }
        known.putAll(ALIASES);
        return Map.copyOf(known);
    }

    private static void put(Map<String, Property> known, String names, Property property) {
        for (String name : names.split(" ", -1)) {
            known.put(name, property);
        }
    }
}
