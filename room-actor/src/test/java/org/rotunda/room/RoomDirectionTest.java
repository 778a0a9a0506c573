package org.rotunda.room;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.rotunda.room.placement.MediaNodeLoad;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.Settings;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackSid;

/** Tests the imports of the room module: their direction, and the libraries and modules that must not be imported. */
class RoomDirectionTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.rotunda");

    @Test
    void rulesSeeTheWholeModule() {
        assertThat(CLASSES.size()).isGreaterThan(50); // If ArchUnit found no classes, every rule below would pass.
    }

    // spotless:off – one rule reads as one sentence
    @Test
    void layersPointDownwards() {
        layeredArchitecture().consideringOnlyDependenciesInLayers()
                .layer("room").definedBy("org.rotunda.room")
                .layer("readmodel").definedBy("..room.readmodel..")
                .layer("entity").definedBy("..room.entity..")
                .layer("call").definedBy("..room.call..")
                .layer("serialization").definedBy("..room.serialization..")
                .layer("name").definedBy("..room.name..")
                .layer("quota").definedBy("..room.quota..")
                .layer("state").definedBy("..room.state..")
                .layer("pair").definedBy("..room.pair..")
                .layer("signal").definedBy("..room.signal..")
                .layer("speaker").definedBy("..room.speaker..")
                .layer("quality").definedBy("..room.quality..")
                .layer("rules").definedBy("..room.rules..")
                .layer("allocation").definedBy("..room.allocation..")
                .layer("mediaplane").definedBy("..room.mediaplane..")
                .layer("placement").definedBy("..room.placement..")
                .layer("nodewatch").definedBy("..room.nodewatch..")
                .layer("protocol").definedBy("..room.protocol..")
                .whereLayer("room").mayNotBeAccessedByAnyLayer()
                // Only the configuration refers to this package.
                .whereLayer("serialization").mayNotBeAccessedByAnyLayer()
                .whereLayer("readmodel").mayOnlyBeAccessedByLayers("room")
                .whereLayer("entity").mayOnlyBeAccessedByLayers("room", "readmodel")
                .whereLayer("call").mayOnlyBeAccessedByLayers("room", "entity")
                .whereLayer("name").mayOnlyBeAccessedByLayers("room", "readmodel", "entity", "serialization")
                .whereLayer("quota").mayOnlyBeAccessedByLayers("room", "entity", "serialization")
                .whereLayer("state").mayOnlyBeAccessedByLayers("room", "readmodel", "entity", "call", "serialization")
                .whereLayer("pair").mayOnlyBeAccessedByLayers("room", "call")
                .whereLayer("signal").mayOnlyBeAccessedByLayers("room", "call", "state")
                .whereLayer("speaker").mayOnlyBeAccessedByLayers("room", "call")
                .whereLayer("quality").mayOnlyBeAccessedByLayers("room", "call", "signal")
                .whereLayer("allocation").mayOnlyBeAccessedByLayers("room", "call")
                .whereLayer("rules").mayOnlyBeAccessedByLayers("entity", "state")
                .whereLayer("mediaplane").mayOnlyBeAccessedByLayers("room", "entity", "call", "serialization")
                .whereLayer("placement").mayOnlyBeAccessedByLayers("room", "entity", "call", "serialization", "mediaplane", "state", "nodewatch")
                .whereLayer("nodewatch").mayOnlyBeAccessedByLayers("room", "entity", "call", "serialization", "mediaplane")
                .whereLayer("protocol").mayOnlyBeAccessedByLayers("room", "readmodel", "entity", "call", "serialization", "name", "quota", "state", "pair", "signal", "allocation", "rules", "nodewatch")
                .check(CLASSES);
    }

    @Test
    void packagesFormNoCircle() {
        slices().matching("org.rotunda.room.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theLiveHalfNeverJournals() {
        noClasses().that().resideInAPackage("..room.call..")
                .should().dependOnClassesThat().resideInAPackage("org.apache.pekko.persistence..")
                .check(CLASSES);
    }

    @Test
    void roomsReachTheMediaPlaneOnlyThroughControl() {
        noClasses().that().resideInAPackage("..rotunda.room..")
                .should().dependOnClassesThat(
                        resideInAPackage("..rotunda.media..").and(not(resideInAPackage("..media.control.."))))
                .check(CLASSES);
    }

    @Test
    void roomsKnowNeitherNettyNorTheModulesAboveThem() {
        noClasses().that().resideInAPackage("..rotunda.room..")
                .should().dependOnClassesThat().resideInAnyPackage("io.netty..", "..rotunda.gateway..", "..rotunda.node..")
                .check(CLASSES);
    }

    @Test
    void thePackagesOfDecisionsArePure() {
        noClasses().that().resideInAnyPackage("..room.placement..", "..room.state..", "..room.rules..", "..room.pair..",
                        "..room.speaker..", "..room.quality..", "..room.allocation..", "..room.signal..")
                .should().dependOnClassesThat(
                        resideInAnyPackage("org.apache.pekko..", "java.util.concurrent..", "java.sql..")
                                .and(not(type(TimeUnit.class)))) // TimeUnit only converts numbers.
                .orShould().callMethod(Instant.class, "now")
                .check(CLASSES);
    }

    /** Allocation needs the JDK and a few ids. TimeUnit converts its constants. */
    @Test
    void allocationDependsOnIdsOnly() {
        classes().that().resideInAPackage("..room.allocation..")
                .should().onlyDependOnClassesThat(
                        resideInAnyPackage("..room.allocation..", "org.jspecify..", "java.lang..", "java.util..")
                                .or(type(ParticipantSid.class)).or(type(TrackSid.class)).or(type(TrackPriority.class)))
                .check(CLASSES);
        noClasses().that().resideInAPackage("..room.allocation..")
                .should().callMethod(System.class, "nanoTime").orShould().callMethod(System.class, "currentTimeMillis")
                .check(CLASSES);
    }

    @Test
    void theNodeWatchKnowsNothingOfRooms() {
        noClasses().that().resideInAPackage("..room.nodewatch..")
                .should().dependOnClassesThat(
                        resideInAPackage("..rotunda.room..").and(not(resideInAPackage("..room.nodewatch..")))
                                // Settings and MediaNodeLoad are allowed, because Settings only checks values, and
                                // beats carry the MediaNodeLoad of each media node.
                                .and(not(type(Settings.class))).and(not(type(MediaNodeLoad.class))))
                .check(CLASSES);
    }

    @Test
    void theMachinesOfTheNodeWatchArePure() {
        noClasses().that().resideInAPackage("..room.nodewatch..")
                // NodeWatch and LifelineSocket are actors, and NodeId reads Pekko's addresses, so they need Pekko.
                .and().haveNameNotMatching(".*\\.(NodeWatch(\\$.*)?|LifelineSocket|NodeId)")
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
