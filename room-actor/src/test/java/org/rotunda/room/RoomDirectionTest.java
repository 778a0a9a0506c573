package org.rotunda.room;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What rooms may know of, and which of their packages are pure. */
class RoomDirectionTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.rotunda");

    @Test
    void rulesSeeTheWholeModule() {
        assertThat(CLASSES.size()).isGreaterThan(50); // An empty import would make every rule below pass.
    }

    // spotless:off – one rule reads as one sentence
    @Test
    void roomsReachTheMediaPlaneOnlyThroughControl() {
        noClasses().that().resideInAPackage("..rotunda.room..")
                .should().dependOnClassesThat(
                        resideInAPackage("..rotunda.media..").and(not(resideInAPackage("..media.control.."))))
                .check(CLASSES);
    }

    @Test
    void roomsKnowNothingOfSocketsOrOfWhoUsesThem() {
        noClasses().that().resideInAPackage("..rotunda.room..")
                .should().dependOnClassesThat().resideInAnyPackage("io.netty..", "..rotunda.gateway..", "..rotunda.node..")
                .check(CLASSES);
    }

    @Test
    void placementAndStateArePure() {
        noClasses().that().resideInAnyPackage("..room.placement..", "..room.state..")
                .should().dependOnClassesThat().resideInAnyPackage("org.apache.pekko..", "java.util.concurrent..", "java.sql..")
                .orShould().callMethod(Instant.class, "now")
                .check(CLASSES);
    }

    @Test
    void theNodeWatchKnowsNothingOfRooms() {
        noClasses().that().resideInAPackage("..room.nodewatch..")
                .should().dependOnClassesThat(
                        resideInAPackage("..rotunda..").and(not(resideInAPackage("..room.nodewatch.."))))
                .check(CLASSES);
    }

    @Test
    void theMachinesOfTheNodeWatchArePure() {
        noClasses().that().resideInAPackage("..room.nodewatch..")
                .and().haveNameNotMatching(".*\\.(NodeWatch(\\$.*)?|NodeId)") // The actor, and what reads addresses.
                .should().dependOnClassesThat().resideInAnyPackage("org.apache.pekko..")
                .orShould().callMethod(System.class, "nanoTime")
                .check(CLASSES);
    }

    @Test
    void onlyTheReadModelSpeaksToTheDatabase() {
        noClasses().that().resideInAPackage("..rotunda.room..").and().resideOutsideOfPackage("..room.readmodel..")
                .should().dependOnClassesThat().resideInAnyPackage("java.sql..", "javax.sql..", "com.zaxxer..", "org.flywaydb..")
                .check(CLASSES);
    }
    // spotless:on
}
