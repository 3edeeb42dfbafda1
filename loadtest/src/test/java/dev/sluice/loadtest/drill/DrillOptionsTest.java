package dev.sluice.loadtest.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DrillOptionsTest {

    @Test
    void haveTheseDefaults() {
        assertThat(DrillOptions.parse(List.of(), 7))
                .isEqualTo(
                        new DrillOptions(Scenario.CRASH, 50, 30, 7, 25, Path.of(".sluice/drill"), OldVersion.DEFAULT));
        assertThat(DrillOptions.parse(List.of("--scenario", "redis"), 7).kills())
                .isEqualTo(Scenario.REDIS.kills());
    }

    @Test
    void areReadInBothForms() {
        assertThat(DrillOptions.parse(
                        List.of(
                                "--scenario=zombie",
                                "--kills",
                                "3",
                                "--minutes=4",
                                "--seed=-5",
                                "--rate",
                                "9",
                                "--data=d"),
                        7))
                .isEqualTo(new DrillOptions(Scenario.ZOMBIE, 3, 4, -5, 9, Path.of("d"), OldVersion.DEFAULT));
    }

    @Test
    void nameTheVersionBeforeForAnUpgradeOnly() {
        DrillOptions upgrade = DrillOptions.parse(List.of("--scenario", "upgrade", "--old", "v1"), 7);
        assertThat(upgrade.old()).isEqualTo("v1");
        assertThat(upgrade.kills()).isEqualTo(UpgradeFault.STEPS);
        assertThatExceptionOfType(DrillFailure.class)
                .isThrownBy(() -> DrillOptions.parse(List.of("--old=v1"), 7))
                .withMessageContaining("--scenario upgrade");
        assertThatExceptionOfType(DrillFailure.class)
                .isThrownBy(() -> DrillOptions.parse(List.of("--scenario=upgrade", "--kills=6"), 7));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--kills=501",
                "--minutes=0",
                "--minutes=121",
                "--seed=x",
                "--scenario=none",
                "--more=1",
                "--kills"
            })
    void areRefusedOutOfBounds(String option) {
        assertThatExceptionOfType(DrillFailure.class).isThrownBy(() -> DrillOptions.parse(List.of(option), 7));
    }
}
