package dev.sluice.executor.expression.date;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.executor.expression.limit.LimitException;
import dev.sluice.executor.expression.limit.TestBudgets;
import dev.sluice.executor.expression.value.JqException;
import dev.sluice.shared.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class StrftimeTest {

    /** Time | format | text; as glibc gives them. */
    private static final String WRITTEN = """
            1425599621.9|%Y-%m-%dT%H:%M:%SZ|2015-03-05T23:53:41Z
            1425599621|%a %A %b %B %h|Thu Thursday Mar March Mar
            1425599621|%c|Thu Mar  5 23:53:41 2015
            1425599621|%C %d %D %e %F %g %G|20 05 03/05/15  5 2015-03-05 15 2015
            1425599621|%H %I %j %k %l %m %M %p %P|23 11 064 23 11 03 53 PM pm
            1425599621|%r|11:53:41 PM
            1425599621|%R %s %S %T %u %U %V %w %W|23:53 1425599621 41 23:53:41 4 09 10 4 09
            1425599621|%x %X %y %Y %z %Z %%|03/05/15 23:53:41 15 2015 +0000 UTC %
            1425599621|%q %E %N %f %v %+ %L %i %J %K|%q %E %N %f %v %+ %L %i %J %K
            1425599621|%-d %_d %5Y %^a %#a %^b %^p %#p %#B %#Z|5  5 02015 THU THU MAR PM pm MARCH utc
            1425599621|%010d%_5d%-e%-j%5d%-5d%0e|0000000005    556400005    505
            1425599621|%10a%010a%20T%020F|       Thu0000000Thu            23:53:4100000000002015-03-05
            1425599621|%EC %EY %Ey %Od %Ow %Ea %OY %EH %-z|20 2015 15 05 4 %Ea %OY %EH +0
            1425599621|é%Yü%|é2015ü%
            1425599621||
            0|%I %l %k %p|12 12  0 AM
            [2015,0,1,12]|%H %I %p|12 12 PM
            [2016,0,1]|%G-W%V-%u %U %W %g|2015-W53-5 00 00 15
            [2015,11,31]|%G-W%V-%u %U %W %g|2015-W53-4 52 52 15
            [2018,11,31]|%G-W%V-%u %U %W %g|2019-W01-1 52 53 19
            [2021,0,3]|%G-W%V-%u %U %W %g|2020-W53-7 01 00 20
            [99999,0,1]|%Y %y %C %G %F|99999 99 999 99998 99999-01-01
            [-5,0,1]|%Y %y %C|-5 95 -1
            [5,0,1]|%Y %y %C %F|5 05 0 5-01-01
            [2024,0,1,99,0,0,9,400]|%F %H %a %j|2024-01-05 03 Fri 005
            [2024,12,1]|%F|2025-01-01
            [2024]|%F|2023-12-31
            []|%F|1899-12-31
            [2024,0,1,10,20,59.999,0,0,"x"]|%T|10:20:59
            -1.5|%F %T|1969-12-31 23:59:59
            -2147483648000|%F|-66082-12-15
            """;

    /** Time | format | message. */
    private static final String REFUSED = """
            "a"|"%Y"|strftime/1 requires parsed datetime inputs
            null|"%Y"|strftime/1 requires parsed datetime inputs
            {}|[]|strftime/1 requires parsed datetime inputs
            0|1|strftime/1 requires a string format
            [2024]|null|strftime/1 requires a string format
            ["a"]|"%Y"|strftime/1 requires parsed datetime inputs
            [2024,1,1,0,0,0,0,null]|"%Y"|strftime/1 requires parsed datetime inputs
            1e18|"%Y"|error converting number of seconds since epoch to datetime
            1e1000|"%Y"|error converting number of seconds since epoch to datetime
            0|"%99999999999d"|strftime/1: unknown system failure
            0|"%c%c%c%c%c%c"|strftime/1: unknown system failure
            [1e300,2147483647,2147483647]|"%Y"|strftime/1: unknown system failure
            """;

    /** Zone | time | text of "%F %T %Z %z %s". */
    private static final String LOCAL = """
            America/New_York|1425599621|2015-03-05 18:53:41 EST -0500 1425599621
            America/New_York|1435599621|2015-06-29 13:40:21 EDT -0400 1435599621
            America/New_York|[2015,6,1,12]|2015-07-01 12:00:00 EDT -0400 1435766400
            America/New_York|1e11|5138-11-16 04:46:40 EST -0500 100000000000
            Asia/Kolkata|0|1970-01-01 05:30:00 IST +0530 0
            UTC|0|1970-01-01 00:00:00 UTC +0000 0
            Z|0|1970-01-01 00:00:00 UTC +0000 0
            +05:45|0|1970-01-01 05:45:00 +0545 +0545 0
            -03:00|0|1969-12-31 21:00:00 -03 -0300 0
            """;

    @Test
    void writesAsGlibcDoes() {
        WRITTEN.lines()
                .map(line -> line.split("\\|", -1))
                .forEach(line -> assertThat(Dates.strftime(json(line[0]), Json.string(line[1]), TestBudgets.ample())
                                .stringValue())
                        .describedAs("%s of %s", line[1], line[0])
                        .isEqualTo(line[2]));
        assertThat(Dates.strftime(json("0"), Json.string("%n%t"), TestBudgets.ample())
                        .stringValue())
                .isEqualTo("\n\t");
    }

    @Test
    void refusesInTheWordsOfJq() {
        REFUSED.lines().map(line -> line.split("\\|")).forEach(line -> {
            assertThatExceptionOfType(JqException.class)
                    .isThrownBy(() -> Dates.strftime(json(line[0]), json(line[1]), TestBudgets.ample()))
                    .withMessage(line[2]);
            assertThatExceptionOfType(JqException.class)
                    .isThrownBy(() ->
                            Dates.strflocaltime(json(line[0]), json(line[1]), ZoneOffset.UTC, TestBudgets.ample()))
                    .withMessage(line[2].replace("strftime", "strflocaltime"));
        });
    }

    @Test
    void writesInZones() {
        LOCAL.lines()
                .map(line -> line.split("\\|"))
                .forEach(line -> assertThat(Dates.strflocaltime(
                                        json(line[1]),
                                        Json.string("%F %T %Z %z %s"),
                                        ZoneId.of(line[0]),
                                        TestBudgets.ample())
                                .stringValue())
                        .describedAs("%s in %s", line[1], line[0])
                        .isEqualTo(line[2]));
    }

    @Test
    void isMetered() {
        assertThatThrownBy(() ->
                        Dates.strftime(json("0"), Json.string("%%".repeat(10_000)), TestBudgets.of(1_000_000, 10_000)))
                .isInstanceOf(LimitException.class);
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8));
    }
}
