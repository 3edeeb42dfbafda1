package dev.sluice.gateway;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import dev.sluice.shared.testing.ArchitectureRules;

@AnalyzeClasses(packages = "dev.sluice.gateway", importOptions = ArchitectureRules.ProductionClasses.class)
class ArchitectureTest {
    @ArchTest
    static final ArchTests RULES = ArchTests.in(ArchitectureRules.class);
}
