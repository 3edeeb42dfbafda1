package dev.sluice.shared.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule of {@link ArchitectureRules} must find what is wrong with the {@code badfixture} packages. */
class ArchitectureRulesCanaryTest {
    private static final JavaClasses BAD = new ClassFileImporter()
            .importPackages(
                    "dev.sluice.shared.badfixture", "dev.sluice.gateway.badfixture", "dev.sluice.executor.badfixture");

    static Stream<Field> rules() {
        return Arrays.stream(ArchitectureRules.class.getDeclaredFields())
                .filter(field -> field.isAnnotationPresent(ArchTest.class));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void failsOnTheBadFixture(Field field) throws IllegalAccessException {
        ArchRule rule = (ArchRule) field.get(null);

        assertThat(rule.evaluate(BAD).hasViolation()).as(field.getName()).isTrue();
    }

    @Test
    void findsAllRules() {
        assertThat(rules()).hasSizeGreaterThanOrEqualTo(13);
    }
}
