package dev.sluice.loadtest;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import dev.sluice.shared.testing.ArchitectureRules;

/** The simulator is held to the rules; bench and simulations are command-line programs that wait and print. */
@AnalyzeClasses(packages = "dev.sluice.loadtest.upstream", importOptions = ArchitectureRules.ProductionClasses.class)
class ArchitectureTest {
    @ArchTest
    static final ArchTests RULES = ArchTests.in(ArchitectureRules.class);
}
