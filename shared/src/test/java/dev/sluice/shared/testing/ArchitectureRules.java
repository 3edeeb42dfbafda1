package dev.sluice.shared.testing;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;

/**
 * The rules of structure that hold in every module. A module applies them to its own classes by
 * {@code @AnalyzeClasses(packages = "dev.sluice.<module>", importOptions = ArchitectureRules.ProductionClasses.class)}
 * and {@code @ArchTest ArchTests RULES = ArchTests.in(ArchitectureRules.class)}. A rule that finds no class passes, so
 * that a new module starts under all of them; {@code ArchitectureRulesCanaryTest} proves that each can fail.
 */
public final class ArchitectureRules {
    private static final Set<String> BLOCKING =
            Set.of("block", "blockFirst", "blockLast", "blockOptional", "toIterable", "toStream");
    private static final Pattern NAMES_WITHOUT_MEANING = Pattern.compile("Base.*|.*(Utils?|Helper|Manager|Impl)");

    @ArchTest
    static final ArchRule SHARED_KNOWS_NO_SERVICE = noClasses()
            .that()
            .resideInAPackage("dev.sluice.shared..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.sluice.gateway..", "dev.sluice.executor..")
            .because("the direction is gateway → shared ← executor")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule GATEWAY_DOES_NOT_KNOW_EXECUTOR = noClasses()
            .that()
            .resideInAPackage("dev.sluice.gateway..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.sluice.executor..")
            .because("the services meet only over HTTP, Redis and PostgreSQL")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule EXECUTOR_DOES_NOT_KNOW_GATEWAY = noClasses()
            .that()
            .resideInAPackage("dev.sluice.executor..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.sluice.gateway..")
            .because("the services meet only over HTTP, Redis and PostgreSQL")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule FEATURES_FORM_NO_CYCLES =
            slices().matching("dev.sluice.(**)").should().beFreeOfCycles().allowEmptyShould(true);

    @ArchTest
    static final ArchRule NOBODY_WAITS_FOR_PUBLISHER = noClasses()
            .that()
            .resideOutsideOfPackage("..local..")
            .and()
            .haveSimpleNameNotEndingWith("Application")
            .should()
            .accessTargetWhere(describe("a publisher is awaited", ArchitectureRules::awaitsPublisher))
            .because("only main methods and tests may block")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule NOBODY_SLEEPS = noClasses()
            .should()
            .accessTargetWhere(targets("sleep", "java.lang.Thread", "java.util.concurrent.TimeUnit"))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule NOBODY_CONTINUES_AFTER_ERROR = noClasses()
            .should()
            .accessTargetWhere(targets("onErrorContinue", "reactor.core.publisher.Flux", "reactor.core.publisher.Mono"))
            .because("it reaches into operators upstream that never agreed to it")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule NOBODY_KEEPS_STATE_IN_THREADS = noClasses()
            .should()
            .dependOnClassesThat(ofType("java.lang.ThreadLocal").or(ofType("io.netty.util.concurrent.FastThreadLocal")))
            .because("a chain changes threads; the Reactor Context carries what belongs to a request")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule STANDARD_STREAMS_BELONG_TO_THE_COMMAND_LINE = noClasses()
            .that()
            .resideOutsideOfPackage("..local..")
            .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule LOGGING_GOES_THROUGH_SLF4J = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.util.logging..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule PACKAGES_ARE_NULL_MARKED =
            classes().should(liveInANullMarkedPackage()).allowEmptyShould(true);

    @ArchTest
    static final ArchRule JDBC_STAYS_IN_POSTGRES = noClasses()
            .that()
            .resideOutsideOfPackages("..postgres..", "..embedded..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..")
            .because("JDBC blocks; Flyway and the embedded servers are its only users")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule NAMES_SAY_WHAT_CLASS_DOES = noClasses()
            .should()
            .haveNameMatching("(.*[.$])?(" + NAMES_WITHOUT_MEANING + ")")
            .allowEmptyShould(true);

    private ArchitectureRules() {}

    private static boolean awaitsPublisher(JavaAccess<?> access) {
        return BLOCKING.contains(access.getTarget().getName())
                && access.getTargetOwner().isAssignableTo("org.reactivestreams.Publisher");
    }

    private static DescribedPredicate<JavaAccess<?>> targets(String member, String... owners) {
        return describe(
                member + " is used",
                access -> access.getTarget().getName().equals(member)
                        && Set.of(owners).contains(access.getTargetOwner().getName()));
    }

    private static DescribedPredicate<JavaClass> ofType(String name) {
        return describe("are a " + name, type -> type.isAssignableTo(name));
    }

    private static ArchCondition<JavaClass> liveInANullMarkedPackage() {
        return new ArchCondition<>("live in a package whose package-info is @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                events.add(new SimpleConditionEvent(type, marked, type.getName() + " lives in a package without it"));
            }
        };
    }

    /** Only what the module itself compiled from {@code src/main}: no test classes, no jars. */
    public static final class ProductionClasses implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.isJar() && !location.contains("/test-classes/");
        }
    }
}
