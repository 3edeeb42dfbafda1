package dev.sluice.executor.expression.regex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is expected here is what Oniguruma 6.9.8 gives with jq's syntax and options; apart from (?-i), which jq's manual has, and
 * looking behind at what has several lengths, both of which it refuses.
 */
class RegexTest {

    /** Pattern, flags, text ("¶" is a newline), and the groups found. */
    private static final String PARTS = """
            abc            ::    :: xabcx     :: 1-4
            abc            ::    :: xabx      :: none
                           ::    :: a         :: 0-0
            a.c            ::    :: a¶cabc    :: 3-6
            .              ::    :: 😀        :: 0-2
            a|b            ::    :: xb        :: 1-2
            a|ab           ::    :: ab        :: 0-1
            a|b|           ::    :: c         :: 0-0
            []a]           ::    :: ]         :: 0-1
            [][]+          ::    :: []        :: 0-2
            [[]            ::    :: [         :: 0-1
            [^]a]          ::    :: ]a        :: none
            [a-c]+         ::    :: xabcd     :: 1-4
            [^a-c]+        ::    :: abxyc     :: 2-4
            [^a]           ::    :: ¶         :: 0-1
            [a-c-e]+       ::    :: ae-c      :: 0-4
            [-a]+          ::    :: a-        :: 0-2
            [\\w-]+        ::    :: a-b       :: 0-3
            [\\d.]+        ::    :: a1.5      :: 1-4
            [a\\]b]+       ::    :: a]b       :: 0-3
            [Z-\\]]+       ::    :: \\]       :: 0-2
            [\\x41-\\x43]+ ::    :: ABCD      :: 0-3
            [^\\d\\s]      ::    :: 1 a       :: 2-3
            [\\W]          ::    :: a-        :: 1-2
            [a-c&&b]+      ::    :: ab&       :: 0-3
            [a[b]]         ::    :: b]        :: 0-2
            [😀-😂]        ::    :: x😁       :: 1-3
            [[:alpha:]]+   ::    :: 1é2       :: 1-2
            [[:^alpha:]]+  ::    :: é12       :: 1-3
            [[:digit:][:space:]]+ :: :: a1 2b :: 1-4
            [[:punct:]]    ::    :: $-        :: 1-2
            [[:xdigit:]]+  ::    :: xfFg      :: 1-3
            [[:alpha]      ::    :: :         :: 0-1
            \\d\\D         ::    :: a1b       :: 1-3
            \\w+           ::    :: -é_1-     :: 1-4
            \\W            ::    :: é-        :: 1-2
            \\s\\S         ::    :: a\u00a0b  :: 1-3
            \\p{L}+        ::    :: 1aé2      :: 1-3
            \\p{^L}        ::    :: a1        :: 1-2
            \\P{L}         ::    :: a1        :: 1-2
            \\P{^L}        ::    :: 1a        :: 1-2
            \\p{Lu}        ::    :: aB        :: 1-2
            \\p{uppercase letter} :: :: aB    :: 1-2
            \\p{Greek}     ::    :: aα        :: 1-2
            \\p{Latn}      ::    :: αa        :: 1-2
            \\p{Emoji}     ::    :: x😀       :: 1-3
            \\p{In_Greek_and_Coptic} :: :: aα :: 1-2
            [\\p{L}\\d]+   ::    :: -a1-      :: 1-3
            \\pL           ::    :: pL        :: 0-2
            \\h\\H\\v\\u0041 ::  :: hHvu0041  :: 0-8
            """;

    private static final String PLACES_AND_ESCAPES = """
            ^b             ::    :: a¶b       :: none
            ^b             :: s  :: a¶b       :: none
            (?m)^b         ::    :: a¶b       :: 2-3
            (?m)a$         ::    :: a¶b       :: 0-1
            (?m:^)b|a      ::    :: ¶b        :: 1-2
            a$             ::    :: a¶b       :: none
            a$             ::    :: ba¶       :: 1-2
            a$             ::    :: a¶¶       :: none
            a\\Z           ::    :: a¶        :: 0-1
            a\\z           ::    :: a¶        :: none
            \\Aa           ::    :: ba        :: none
            (?m)^          ::    :: ¶         :: 0-0
            \\bb           ::    :: ab b      :: 3-4
            \\Bb           ::    :: b ab      :: 3-4
            \\b            ::    :: é         :: 0-0
            \\b            ::    ::           :: none
            \\B            ::    ::           :: 0-0
            a\\Kb          ::    :: ab        :: 1-2
            (?=a\\K)       ::    :: a         :: 0-0
            \\R            ::    :: a¶        :: 1-2
            \\R\\n         ::    :: \r¶       :: none
            \\N+           ::    :: ab¶       :: 0-2
            a\\Ob          ::    :: a¶b       :: 0-3
            \\t\\r\\n\\f\\a\\e :: :: \t\r¶\f\u0007\u001b :: 0-6
            \\x41\\x{42}\\103\\o{104} :: :: ABCD :: 0-4
            \\x{1F600}     ::    :: 😀        :: 0-2
            \\xc3\\xa9     ::    :: é         :: 0-1
            \\xf0\\x9f\\x98\\x80 :: :: 😀     :: 0-2
            \\x4z          ::    :: \u0004z   :: 0-2
            \\0\\08        ::    :: \0\u00008 :: 0-3
            \\cA\\c?       ::    :: \u0001\u007f :: 0-2
            \\.\\*\\q\\é   ::    :: .*qé      :: 0-4
            \\Qa.b*\\E+    ::    :: a.b**     :: 0-5
            \\Q(|          ::    :: (|        :: 0-2
            (?#x)a(?#y)+   ::    :: aa        :: 0-2
            ]}{            ::    :: ]}{       :: 0-3
            """;

    private static final String GROUPS = """
            (a)(b)?        ::    :: ac        :: 0-1 0-1 -
            (a)|(b)        ::    :: b         :: 0-1 - 0-1
            (?:a)(b)       ::    :: ab        :: 0-2 1-2
            (?<n>a)(b)     ::    :: ab        :: 0-2 0-1 1-2
            (?'n'a)        ::    :: a         :: 0-1 0-1
            ((a)|b)*?c     ::    :: abc       :: 0-3 1-2 0-1
            (a|ab)(c|bcd)(d*) :: :: abcd      :: 0-4 0-1 1-4 4-4
            (a*)*          ::    :: aa        :: 0-2 2-2
            (a*)+          ::    :: aa        :: 0-2 2-2
            (a|)+          ::    :: aa        :: 0-2 2-2
            (|a)*          ::    :: aa        :: 0-0 0-0
            (?:|a)*b       ::    :: aab       :: 0-3
            (a?)*?b        ::    :: aab       :: 0-3 1-2
            (a){0}b        ::    :: ab        :: 1-2 -
            (a)\\1         ::    :: aba       :: none
            (a)\\1         ::    :: baa       :: 1-3 1-2
            \\1(a)         ::    :: aa        :: none
            (a)|\\1b       ::    :: b         :: none
            (a)\\11        ::    :: a\t       :: 0-2 0-1
            (a)\\k<1>\\k<-1> ::  :: aaa       :: 0-3 0-1
            (?<n>a|b)\\k<n> ::   :: abb       :: 1-3 1-2
            (?<n>a)(?<n>b)\\k'n' :: :: aba    :: 0-3 0-1 1-2
            (a)(?i)\\1     ::    :: aA        :: 0-2 0-1
            (?i:a)b        ::    :: AB        :: none
            (?i:a)b        ::    :: Ab        :: 0-2
            a(?i)b|c       ::    :: C         :: 0-1
            (a(?i)b)c      ::    :: aBC       :: none
            (?i)te(?-i)st  ::    :: TEst      :: 0-4
            (?i)te(?-i)st  ::    :: teST      :: none
            (?x: a ) b     ::    :: a b       :: 0-3
            (?s).(?-s).    ::    :: ¶¶a       :: 1-3
            (?=a)\\w       ::    :: ba        :: 1-2
            (?=(a)b)(?!\\1c) ::  :: ab        :: 0-0 0-1
            (?!(a))b       ::    :: b         :: 0-1 -
            q(?!u)         ::    :: quqa      :: 2-3
            (?<=a)b        ::    :: bab       :: 2-3
            (?<!a)b        ::    :: abb       :: 2-3
            (?<=a|bc)d     ::    :: adbcd     :: 1-2
            (?<=(a))b      ::    :: ab        :: 1-2 0-1
            (?<=a{1,3})b   ::    :: aab       :: 2-3
            (?<=^a+)b      ::    :: caab aab  :: none
            (?<!^a+)b      ::    :: aabb      :: 3-4
            (?<=😀)b       ::    :: 😀b       :: 2-3
            (?<!😀.)b      ::    :: 😀😀b     :: none
            (?<=(?<=a)b)c  ::    :: abc       :: 2-3
            (?>a+)a        ::    :: aaa       :: none
            (?>a|ab)c      ::    :: abcac     :: 3-5
            """;

    private static final String REPEATED = """
            a?             ::    :: aa        :: 0-1
            a??            ::    :: aa        :: 0-0
            a*             ::    :: aab       :: 0-2
            a*?b           ::    :: aab       :: 0-3
            a+?            ::    :: aab       :: 0-1
            a{2}           ::    :: aaa       :: 0-2
            a{2}?          ::    :: aaa       :: 0-2
            a{2,}          ::    :: aaab      :: 0-3
            a{2,}?         ::    :: aaab      :: 0-2
            a{1,2}         ::    :: aaa       :: 0-2
            a{1,2}?b       ::    :: aab       :: 0-3
            (?:ab){2,3}    ::    :: ababababa :: 0-6
            (?:ab){2,3}?   ::    :: abababab  :: 0-4
            a{0}           ::    :: a         :: 0-0
            a{,2}          ::    :: a{,2}     :: 0-5
            a{2            ::    :: a{2       :: 0-3
            a{1,x}         ::    :: a{1,x}    :: 0-6
            a++a           ::    :: aaa       :: none
            a?+a           ::    :: a         :: none
            a{1,2}+a       ::    :: aa        :: none
            (?:a|b)++b     ::    :: abab      :: none
            a**            ::    :: aaa       :: 0-3
            a*?+           ::    :: aa        :: 0-0
            (?:a?){3}      ::    :: aa        :: 0-2
            (?:a{2}){2}    ::    :: aaaaa     :: 0-4
            .*b            ::    :: abab      :: 0-4
            .*?b           ::    :: abab      :: 0-2
            ".*?"          ::    :: a"b"c"    :: 1-4
            "[^"]*"        ::    :: a"b"c"    :: 1-4
            [^,]+,         ::    :: a,b,      :: 0-2
            é+             ::    :: eéé       :: 1-3
            😀{2}          ::    :: 😀😀😀    :: 0-4
            .{2}           ::    :: 😀a😀     :: 0-3
            (?:.*)*x       ::    :: aax       :: 0-3
            """;

    private static final String FLAGS = """
            ABC            :: i  :: xabc      :: 1-4
            [a-z]+         :: i  :: ABC       :: 0-3
            [^a]           :: i  :: Ab        :: 1-2
            [[:upper:]]    :: i  :: a         :: 0-1
            É              :: i  :: é         :: 0-1
            σ              :: i  :: ς         :: 0-1
            k              :: i  :: \u212a    :: 0-1
            \u017f         :: i  :: S         :: 0-1
            ß              :: i  :: \u1e9e    :: 0-1
            i              :: i  :: \u0131    :: none
            \\p{Lu}        :: i  :: a         :: none
            (?<n>é)\\k<n>  :: i  :: éÉ        :: 0-2 0-1
            a b            :: x  :: ab        :: 0-2
            a b c # spaces are ignored :: ix :: xABC :: 1-4
            a#b¶c          :: x  :: ac        :: 0-2
            a +            :: x  :: aa        :: 0-2
            [a b]+         :: x  :: ba        :: 0-2
            [ ]            :: x  :: a b       :: 1-2
            a\\ b          :: x  :: a b       :: 0-3
            a.b            :: m  :: a¶b       :: 0-3
            a.b            :: p  :: a¶b       :: 0-3
            a.b            :: s  :: a¶b       :: none
            a*             :: n  :: baa       :: 1-3
            a??            :: n  :: ba        :: 1-2
                           :: n  :: a         :: none
            a              :: g  :: ba        :: 1-2
            \\w+           :: l  :: a bbb cc ddd :: 2-5
            b|ab|abc       :: l  :: b ab abc  :: 5-8
            x|ab|abc       :: l  :: xabc      :: 1-3
            a??            :: l  :: aax       :: 1-2
            a??            :: nl :: x         :: none
            """;

    static Stream<Arguments> cases() {
        return Stream.of(PARTS, PLACES_AND_ESCAPES, GROUPS, REPEATED, FLAGS).flatMap(RegexTest::rows);
    }

    private static Stream<Arguments> rows(String table) {
        return Stream.of(table.split("\n", -1)).filter(line -> !line.isEmpty()).map(line -> {
            String[] row = line.split("::", -1);
            return Arguments.of(cell(row[0]), cell(row[1]), cell(row[2]), cell(row[3]));
        });
    }

    private static String cell(String cell) {
        return trim(cell).replace('¶', '\n');
    }

    /** Of spaces only. */
    private static String trim(String cell) {
        int start = 0;
        int end = cell.length();
        while (start < end && cell.charAt(start) == ' ') {
            start++;
        }
        while (end > start && cell.charAt(end - 1) == ' ') {
            end--;
        }
        return cell.substring(start, end);
    }

    @ParameterizedTest(name = "{0} {1} in {2}")
    @MethodSource("cases")
    void findsTheFirstMatch(String pattern, String flags, String text, String groups) {
        assertThat(Searches.find(pattern, flags, text, 0)).isEqualTo(groups);
    }

    @ParameterizedTest(name = "{0} {1} in {2}")
    @MethodSource("cases")
    void findsTheSameWhenItNotesWhatFailed(String pattern, String flags, String text, String groups) {
        Regex regex = Searches.compile(pattern, flags);

        assertThat(Searches.words(regex.find(text, 0, Searches.budget(), Long.MIN_VALUE / 2)))
                .isEqualTo(groups);
    }

    @Test
    void seesWhatIsBeforeTheBeginOfTheSearch() {
        assertThat(Searches.find("^a", "", "aa", 1)).isEqualTo("none");
        assertThat(Searches.find("(?<=a)a", "", "aa", 1)).isEqualTo("1-2");
        assertThat(Searches.find("\\ba", "", "aa a", 1)).isEqualTo("3-4");
        assertThat(Searches.find("\\Ga", "", "baa", 1)).isEqualTo("1-2");
        assertThat(Searches.find("\\Ga", "", "aba", 1)).isEqualTo("none");
        assertThat(Searches.find("", "", "ab", 2)).isEqualTo("2-2");
        assertThat(Searches.find("", "", "ab", 3)).isEqualTo("none");
        assertThatThrownBy(() -> Searches.find("", "", "ab", -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void neverBeginsOrEndsWithinACharacter() {
        assertThat(Searches.find(".", "", "😀a", 1)).isEqualTo("2-3");
        assertThat(Searches.find("", "", "😀", 1)).isEqualTo("2-2");
        assertThat(Searches.find("[^a]", "", "😀😀", 1)).isEqualTo("2-4");
        assertThat(Searches.find("\ud83d", "", "😀", 0)).isEqualTo("none");
        assertThat(Searches.find("\ude00", "", "😀", 0)).isEqualTo("none");
        assertThat(Searches.find("(\ud83d).\\1", "", "\ud83dx😀", 0)).isEqualTo("none");
    }

    @Test
    void namesItsGroups() {
        assertThat(Searches.compile("(?<a>x)(y)(?:z)(?<b>z)", "").groups()).containsExactly("a", null, "b");
        assertThat(Searches.compile("a", "").groups()).isEmpty();
    }
}
