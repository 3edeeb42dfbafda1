package dev.sluice.executor.expression.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Against the values of glibc 2.36. */
final class FunctionValuesTest {

    private static final double RELATIVE = 1e-14;

    /** Where the Bessel functions pass through zero. */
    private static final double ABSOLUTE = 2e-16;

    /** Function, argument, value. */
    private static final String VALUES = """
            tgamma -171.30000000000001 6.6837594768699029e-310
            tgamma -10.5 -2.6401218205477166e-07
            tgamma -1.0000001000000001 9999999.5713771358
            tgamma -0.5 -3.5449077018110318
            tgamma -9.9999999999999995e-21 -1e+20
            tgamma 0.10000000000000001 9.5135076986687306
            tgamma 1.4616321000000001 0.88560319441088953
            tgamma 1.5 0.88622692545275805
            tgamma 2.5 1.329340388179137
            tgamma 20.5 5.4062429823350752e+17
            tgamma 100 9.3326215443944153e+155
            tgamma 170.59999999999999 9.2959959535009192e+305
            lgamma -10.5 -15.14727059071784
            lgamma -0.75 1.5757045971498584
            lgamma 9.9999999999999995e-21 46.051701859880914
            lgamma 0.5 0.57236494292470008
            lgamma 0.999 0.00057803853289138023
            lgamma 1.0001 -5.7713342220471268e-05
            lgamma 1.75 -0.084401121020485553
            lgamma 2.0001000000000002 4.2281658112919945e-05
            lgamma 3.7000000000000002 1.4280723266653881
            lgamma 20.5 40.831500974530798
            lgamma 1000.5 5908.6741758486778
            lgamma 9.9999999999999997e+199 4.595170185988091e+202
            erf -0.5 -0.52049987781304652
            erf 9.9999999999999995e-21 1.1283791670955125e-20
            erf 0.5 0.52049987781304652
            erf 1.25 0.92290012825645817
            erf 2.5 0.99959304798255499
            erf 7.0999999999999996 1
            erfc -2.5 1.999593047982555
            erfc 0.25 0.7236736098317631
            erfc 0.5 0.47950012218695348
            erfc 1 0.15729920705028513
            erfc 1.5 0.033894853524689274
            erfc 5 1.5374597944280351e-12
            erfc 24.899999999999999 1.2244878020839106e-271
            j0 1.0000000000000001e-05 0.999999999975
            j0 1 0.76519768655796661
            j0 5 -0.17759677131433829
            j0 24.899999999999999 0.083245968353015468
            j0 25.100000000000001 0.10827567149994946
            j0 1000.5 0.019486559987130135
            j0 10000000000 2.1755917502468914e-06
            j1 -2.5 -0.49709410246427405
            j1 9.9999999999999995e-21 4.9999999999999997e-21
            j1 1.75 0.5801561976389924
            j1 12.5 -0.16548380461475973
            j1 30 -0.11875106261662292
            j1 100000 0.0018467575628825675
            y0 1e-300 -439.83516362276532
            y0 0.10000000000000001 -1.5342386513503667
            y0 2.25 0.52006476245727817
            y0 24.899999999999999 -0.13649918399676522
            y0 25 -0.12724943226800614
            y0 100 -0.077244313365083167
            y1 9.9999999999999995e-21 -6.3661977236758143e+19
            y1 0.75 -1.0375945507692854
            y1 3 0.32467442479179992
            y1 23 0.16166920099263313
            y1 50.5 -0.09610872758567611
            y1 10000000000 -2.1755917506307167e-06
            acosh 1.0001 0.014142017775251547
            acosh 1.5 0.96242365011920694
            acosh 3 1.7627471740390861
            acosh 1e+17 39.837093761458725
            asinh -2.5 -1.6472311463710958
            asinh 9.9999999999999995e-21 9.9999999999999995e-21
            asinh 0.5 0.48121182505960347
            asinh 9.9999999999999997e+199 461.21016577936911
            atanh -0.75 -0.97295507452765662
            atanh 1.0000000000000001e-05 1.0000000000333335e-05
            atanh 0.25 0.25541281188299536
            atanh 0.999 3.8002011672501994
            exp10 -10.5 3.1622776601683794e-11
            exp10 0.5 3.1622776601683795
            exp10 3 1000.0000000000001
            exp10 170.59999999999999 3.9810717055349204e+170
            exp2 -10.5 0.00069053396600248786
            exp2 0.5 1.4142135623730951
            exp2 10 1024
            exp2 1000.5 1.5153420044823246e+301
            log2 0.10000000000000001 -3.3219280948873622
            log2 8 3
            log2 1000.5 9.966505451905741
            log2 9.9999999999999997e+199 664.38561897747252
            cbrt -10.5 -2.1897595699439445
            cbrt 10000000000 2154.4346900318837
            expm1 9.9999999999999995e-21 9.9999999999999995e-21
            expm1 -0.5 -0.39346934028736658
            log1p 9.9999999999999995e-21 9.9999999999999995e-21
            log1p 0.5 0.40546510810816438
            logb 0.10000000000000001 -4
            logb 8 3
            logb 9.9999999999999997e+199 664
            significand 0.10000000000000001 1.6000000000000001
            significand 8 1
            significand -10.5 -1.3125
            sinh 0.5 0.52109530549374738
            tanh 0.5 0.46211715726000974
            """;

    /** Function, argument, value; zeros with their sign. */
    private static final String EDGES = """
            tgamma -2.5 -0.9453087204829419
            tgamma 2.5 1.329340388179137
            tgamma NaN NaN
            tgamma Infinity Infinity
            tgamma -Infinity NaN
            tgamma 0 Infinity
            tgamma -0 -Infinity
            tgamma -1 NaN
            tgamma 0.49999999999999994 1.7724538509055163
            tgamma 4503599627370497 Infinity
            tgamma 4.9406564584124654e-324 Infinity
            lgamma -2.5 -0.056243716497674068
            lgamma 2.5 0.28468287047291918
            lgamma NaN NaN
            lgamma Infinity Infinity
            lgamma -Infinity Infinity
            lgamma 0 Infinity
            lgamma -0 Infinity
            lgamma -1 Infinity
            lgamma 0.49999999999999994 0.57236494292470019
            lgamma 4503599627370497 1.5782258434492883e+17
            lgamma 4.9406564584124654e-324 744.44007192138122
            erf NaN NaN
            erf Infinity 1
            erf -Infinity -1
            erf 0 0
            erf -0 -0
            erf -1 -0.84270079294971489
            erfc NaN NaN
            erfc Infinity 0
            erfc -Infinity 2
            erfc 0 1
            erfc -0 1
            erfc -1 1.842700792949715
            j0 NaN NaN
            j0 Infinity 0
            j0 -Infinity 0
            j0 0 1
            j0 -0 1
            j0 -1 0.76519768655796661
            j1 NaN NaN
            j1 Infinity 0
            j1 -Infinity -0
            j1 0 0
            j1 -0 -0
            j1 -1 -0.4400505857449335
            y0 NaN NaN
            y0 Infinity 0
            y0 -Infinity NaN
            y0 0 -Infinity
            y0 -0 -Infinity
            y0 -1 NaN
            y1 NaN NaN
            y1 Infinity 0
            y1 -Infinity NaN
            y1 0 -Infinity
            y1 -0 -Infinity
            y1 -1 NaN
            acosh NaN NaN
            acosh Infinity Infinity
            acosh -Infinity NaN
            acosh 0 NaN
            acosh -0 NaN
            acosh -1 NaN
            asinh NaN NaN
            asinh Infinity Infinity
            asinh -Infinity -Infinity
            asinh 0 0
            asinh -0 -0
            asinh -1 -0.88137358701954305
            atanh NaN NaN
            atanh Infinity NaN
            atanh -Infinity NaN
            atanh 0 0
            atanh -0 -0
            atanh -1 -Infinity
            exp10 NaN NaN
            exp10 Infinity Infinity
            exp10 -Infinity 0
            exp10 0 1
            exp10 -0 1
            exp10 -1 0.099999999999999992
            exp2 NaN NaN
            exp2 Infinity Infinity
            exp2 -Infinity 0
            exp2 0 1
            exp2 -0 1
            exp2 -1 0.5
            log2 NaN NaN
            log2 Infinity Infinity
            log2 -Infinity NaN
            log2 0 -Infinity
            log2 -0 -Infinity
            log2 -1 NaN
            logb -2.5 1
            logb 2.5 1
            logb NaN NaN
            logb Infinity Infinity
            logb -Infinity Infinity
            logb 0 -Infinity
            logb -0 -Infinity
            logb -1 0
            logb 0.49999999999999994 -2
            logb 4503599627370497 52
            logb 4.9406564584124654e-324 -1074
            significand -2.5 -1.25
            significand 2.5 1.25
            significand NaN NaN
            significand Infinity Infinity
            significand -Infinity -Infinity
            significand 0 0
            significand -0 -0
            significand -1 -1
            significand 0.49999999999999994 1.9999999999999998
            significand 4503599627370497 1.0000000000000002
            significand 4.9406564584124654e-324 1
            round -2.5 -3
            round 2.5 3
            round NaN NaN
            round Infinity Infinity
            round -Infinity -Infinity
            round 0 0
            round -0 -0
            round -1 -1
            round 0.49999999999999994 0
            round 4503599627370497 4503599627370497
            round 4.9406564584124654e-324 0
            trunc -2.5 -2
            trunc 2.5 2
            trunc NaN NaN
            trunc Infinity Infinity
            trunc -Infinity -Infinity
            trunc 0 0
            trunc -0 -0
            trunc -1 -1
            trunc 0.49999999999999994 0
            trunc 4503599627370497 4503599627370497
            trunc 4.9406564584124654e-324 0
            rint -2.5 -2
            rint 2.5 2
            rint NaN NaN
            rint Infinity Infinity
            rint -Infinity -Infinity
            rint 0 0
            rint -0 -0
            rint -1 -1
            rint 0.49999999999999994 0
            rint 4503599627370497 4503599627370497
            rint 4.9406564584124654e-324 0
            """;

    /** Function, arguments, value. */
    private static final String VALUES_OF_TWO = """
            jn 2 0.10000000000000001 0.001248958658799919
            jn 2 5 0.0465651162777522
            jn 2 24.899999999999999 -0.09407775144790774
            jn 2 100 -0.021528757344505361
            jn 10 0.10000000000000001 2.6905328954342175e-20
            jn 10 10 0.20748610663335898
            jn 10 20.5 0.18457542553175948
            jn 10 1000.5 -0.018662525369861654
            jn 100 10 6.5973160641553844e-89
            jn 100 100 0.096366673295861377
            jn 100 150.25 -0.028746870016016751
            jn 1000 700 2.3614123144113122e-81
            jn 1000 1000.5 0.046778033080712378
            jn -3 2.5 -0.21660039103911355
            yn 2 0.10000000000000001 -127.64478324269018
            yn 2 8 -0.26303660482037805
            yn 2 30 0.12292410306411383
            yn 10 5 -25.129110095610095
            yn 10 50.5 -0.048281801161904198
            yn -3 2.5 0.7560554967536709
            pow 1 NaN 1
            pow 2.5 0.5 1.5811388300841898
            pow -Infinity 3 -Infinity
            pow 0.5 -3 8
            pow -3 Infinity Infinity
            pow Infinity -0 1
            pow NaN 0 1
            atan2 -3 NaN NaN
            atan2 1 -1 2.3561944901923448
            atan2 2.5 3 0.69473827619670314
            atan2 -0 2.5 -0
            atan2 -0 Infinity -0
            atan2 2.5 -1 1.9513027039072615
            atan2 2.5 -0.5 1.7681918866447774
            fmod -3 Infinity -3
            fmod -0.5 1 -0.5
            fmod 0 -Infinity 0
            fmod -0 2.5 -0
            fmod 2.5 Infinity 2.5
            fmod -0.5 0 NaN
            fmod NaN 0 NaN
            fdim Infinity -0 Infinity
            fdim 0 -0 0
            fdim NaN -3 NaN
            fdim -1 1 0
            fdim NaN 0.5 NaN
            fdim 1 -0.5 1.5
            fdim -3 Infinity 0
            hypot -0.5 0 0.5
            hypot 3 Infinity Infinity
            hypot -0.5 1 1.1180339887498949
            hypot 3 1 3.1622776601683795
            hypot -Infinity -3 Infinity
            hypot 0.5 3 3.0413812651491097
            hypot -Infinity NaN Infinity
            copysign NaN 3 NaN
            copysign -Infinity -3 -Infinity
            copysign -3 -1 -3
            copysign -0 0.5 0
            copysign 1 -1 -1
            copysign 3 0 3
            copysign -1 1 1
            drem -0.5 2.5 -0.5
            drem -3 3 -0
            drem -0.5 -Infinity -0.5
            drem 0.5 1 0.5
            drem 2.5 -0 NaN
            drem -0.5 -0.5 -0
            drem -0 2.5 -0
            nextafter 0.5 -Infinity 0.49999999999999994
            nextafter NaN 0.5 NaN
            nextafter 1 2.5 1.0000000000000002
            nextafter 0 1 4.9406564584124654e-324
            nextafter -1 2.5 -0.99999999999999989
            nextafter 2.5 -1 2.4999999999999996
            nextafter -Infinity -Infinity -Infinity
            scalb -0 -1 -0
            scalb 1 -0.5 NaN
            scalb -1 NaN NaN
            scalb -Infinity 0.5 NaN
            scalb Infinity -0 Infinity
            scalb -3 0 -3
            scalb Infinity -3 Infinity
            """;

    @Test
    void givesTheValuesOfC() {
        lines(VALUES).forEach(words -> close(words, Calls.call(words[0], number(words[1])), number(words[2])));
        lines(VALUES_OF_TWO)
                .forEach(words ->
                        close(words, Calls.call(words[0], number(words[1]), number(words[2])), number(words[3])));
    }

    @Test
    void givesTheEdgesOfC() {
        lines(EDGES).forEach(words -> close(words, Calls.call(words[0], number(words[1])), number(words[2])));
    }

    private static Stream<String[]> lines(String table) {
        return table.lines().map(line -> line.split(" "));
    }

    private static void close(String[] words, double actual, double expected) {
        if (expected == 0 || !Double.isFinite(expected)) {
            assertThat(Double.toString(actual))
                    .describedAs("%s %s", words[0], words[1])
                    .isEqualTo(Double.toString(expected));
        } else {
            assertThat(actual)
                    .describedAs("%s %s", words[0], words[1])
                    .isCloseTo(expected, Offset.offset(Math.abs(expected) * RELATIVE + ABSOLUTE));
        }
    }

    private static double number(String text) {
        return Double.parseDouble(text);
    }
}
