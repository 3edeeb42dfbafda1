package dev.sluice.executor.expression.date;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.executor.expression.limit.LimitException;
import dev.sluice.executor.expression.limit.TestBudgets;
import dev.sluice.executor.expression.value.JqException;
import dev.sluice.shared.json.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class StrptimeTest {

    /** Format | text | fields; as glibc gives them. */
    private static final String READ = """
            %Y-%m-%dT%H:%M:%SZ|2015-03-05T23:51:47Z|[2015,2,5,23,51,47,4,63]
            %Y-%m-%dT%H:%M:%SZ|2015-03-05T23:51:47Z x|[2015,2,5,23,51,47,4,63," x"]
            %Y|2015|[2015,0,0,0,0,0,3,-1]
            %Y|  2015|[2015,0,0,0,0,0,3,-1]
            %Y|123|[123,0,0,0,0,0,4,-1]
            %Y %j|2015 64|[2015,2,5,0,0,0,4,63]
            %Y-%j|2024-060|[2024,1,29,0,0,0,4,59]
            %j|366|[1900,0,0,0,0,0,8,365]
            %H:%M|10:20|[1900,0,0,10,20,0,8,367]
            %H%M|123|[1900,0,0,12,3,0,8,367]
            %d %b %y|5 Mar 15|[2015,2,5,0,0,0,4,63]
            %s|1425599621|[2015,2,5,23,53,41,4,63]
            %s %Y|0 2015|[2015,0,1,0,0,0,4,0]
            %Y-%m-%d|2015-02-31|[2015,1,31,0,0,0,2,61]
            %Y-%m-%d|0001-01-01|[1,0,1,0,0,0,1,0]
            %Y-%m-%d|9999-12-31|[9999,11,31,0,0,0,5,364]
            %Y%m%d|20240229|[2024,1,29,0,0,0,4,59]
            %m-%d|02-29|[1900,1,29,0,0,0,4,59]
            %T|23:59:60|[1900,0,0,23,59,60,8,367]
            %I %p|12 PM|[1900,0,0,12,0,0,8,367]
            %I %p|12 AM|[1900,0,0,0,0,0,8,367]
            %I:%M %p|05:30 pm|[1900,0,0,17,30,0,8,367]
            %p %H|PM 05|[1900,0,0,5,0,0,8,367]
            %C|20|[2000,0,0,0,0,0,5,-1]
            %C %y|19 99|[1999,0,0,0,0,0,4,-1]
            %y %C|15 20|[2015,0,0,0,0,0,3,-1]
            %y|68|[2068,0,0,0,0,0,6,-1]
            %y|69|[1969,0,0,0,0,0,2,-1]
            %F %Z|2024-06-01 EST|[2024,5,1,0,0,0,6,152]
            %G-W%V-%u|2024-W05-1|[1900,0,0,0,0,0,1,367]
            %Y-%U-%w|2024-05-1|[2024,1,5,0,0,0,1,35]
            %Y-%W-%w|2024-05-1|[2024,0,29,0,0,0,1,28]
            %Y %U %a|2015 10 Thu|[2015,2,12,0,0,0,4,70]
            %U %Y %m %a|11 2080 08 Monday|[2080,7,18,0,0,0,1,77]
            %W %u %Y %d|29 6 2072 6|[2072,6,6,0,0,0,6,204]
            %a, %d %b %Y %T %z|Thu, 05 Mar 2015 23:51:47 +0130|[2015,2,5,23,51,47,4,63]
            %Y-%m-%d %a|2015-03-05 Mon|[2015,2,5,0,0,0,1,63]
            %Y-%m-%d %j|2015-03-05 001|[2015,2,5,0,0,0,4,0]
            %z|Z|[1900,0,0,0,0,0,8,367]
            %z|+01|[1900,0,0,0,0,0,8,367]
            %z|-01:30|[1900,0,0,0,0,0,8,367]
            %D|03/05/15|[2015,2,5,0,0,0,4,63]
            %c|Thu Mar  5 23:51:47 2015|[2015,2,5,23,51,47,4,63]
            %x %X|03/05/15 23:51:47|[2015,2,5,23,51,47,4,63]
            %r|11:51:47 PM|[1900,0,0,23,51,47,8,367]
            %R|23:51|[1900,0,0,23,51,0,8,367]
            %k:%l|5: 7|[1900,0,0,7,0,0,8,367]
            %h|MARCH|[1900,2,0,0,0,0,3,58]
            %A|thu|[1900,0,0,0,0,0,4,367]
            %u|7|[1900,0,0,0,0,0,0,367]
            %Od %-d %_d|5 6 7|[1900,0,7,0,0,0,0,6]
            %EY|2015|[2015,0,0,0,0,0,3,-1]
            ab%%c|ab%c|[1900,0,0,0,0,0,8,367]
            a b|a   b|[1900,0,0,0,0,0,8,367]
            a b|ab|[1900,0,0,0,0,0,8,367]
            %n%t%Y|2015|[2015,0,0,0,0,0,3,-1]
            é%Y|é2015|[2015,0,0,0,0,0,3,-1]
            ||[1900,0,0,0,0,0,8,367]
            """;

    /** Format | text. */
    private static final String UNREAD = """
            %Y|x
            %Y|2015x
            %Y|12345
            %Y|-15
            %Y|+2015
            %Y|２０１５
            %Y-%m-%d|2015-13-01
            %d|0
            %d|32
            %m|0
            %H|24
            %I|0
            %I|13
            %M|60
            %S|62
            %j|0
            %j|367
            %U|54
            %V|54
            %u|0
            %w|7
            %b|Mrz
            %b|marx
            %p|XM
            %P|pm
            %s|-1
            %s|99999999999999999999
            %s|99999999999999999
            %z|+1
            %z|+0160
            %z|0100
            %F %Zx|2024-06-01 ESTx
            %Ey|15
            %Ed|15
            %Oz|+0100
            %Q|x
            %N|5
            %|x
            %5|x
            %E|x
            x|
            %Y|
            """;

    @Test
    void readsAsGlibcDoes() {
        READ.lines()
                .map(line -> line.split("\\|"))
                .forEach(line -> assertThat(read(line[1], line[0]).toString())
                        .describedAs("%s by %s", line[1], line[0])
                        .isEqualTo(line[2]));
    }

    @Test
    void refusesInTheWordsOfJq() {
        UNREAD.lines()
                .map(line -> line.split("\\|", -1))
                .forEach(line -> assertThatExceptionOfType(JqException.class)
                        .isThrownBy(() -> read(line[1], line[0]))
                        .withMessage("date \"%s\" does not match format \"%s\"", line[1], line[0]));
    }

    @Test
    void takesStringsOnly() {
        JsonNode number = Json.array().add(1).get(0);
        assertThatThrownBy(() -> Dates.strptime(number, Json.string("%Y"), TestBudgets.ample()))
                .isInstanceOf(JqException.class)
                .hasMessage("strptime/1 requires string inputs and arguments");
        assertThatThrownBy(() -> Dates.strptime(Json.string("1"), number, TestBudgets.ample()))
                .hasMessage("strptime/1 requires string inputs and arguments");
    }

    @Test
    void staysWithinTheCalendarForDaysBeyondTheirYear() {
        assertThat(Dates.mktime(read("2062-366", "%Y-%j")).longValue())
                .isEqualTo(Dates.mktime(read("2063-001", "%Y-%j")).longValue());
        assertThat(read("2024 00 1", "%Y %W %w").toString()).isEqualTo("[2024,0,-6,0,0,0,1,-7]");
    }

    @Test
    void isMetered() {
        assertThatThrownBy(() -> Dates.strptime(
                        Json.string(" ".repeat(10_000)), Json.string("%n"), TestBudgets.of(1_000_000, 10_000)))
                .isInstanceOf(LimitException.class);
        assertThatThrownBy(() -> Dates.strptime(
                        Json.string("x"), Json.string("%n".repeat(1_000)), TestBudgets.of(500, 1L << 30)))
                .isInstanceOf(LimitException.class);
    }

    private static JsonNode read(String text, String format) {
        return Dates.strptime(Json.string(text), Json.string(format), TestBudgets.ample());
    }
}
