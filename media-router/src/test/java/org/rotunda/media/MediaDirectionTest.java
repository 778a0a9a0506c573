package org.rotunda.media;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/**
 * Tests the direction of imports inside the media plane. Also tests that the core uses no sockets, clocks or locks, so
 * that it stays a pure state machine.
 */
class MediaDirectionTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.rotunda.media");

    @Test
    void rulesSeeTheWholeModule() {
        assertThat(CLASSES.size()).isGreaterThan(0); // An empty import would make every rule below pass.
    }

    // spotless:off – one rule reads as one sentence
    @Test
    void layersPointDownwards() {
        layeredArchitecture().consideringOnlyDependenciesInLayers()
                .layer("net").definedBy("..media.net..")
                .layer("router").definedBy("..media.router..")
                .layer("transport").definedBy("..media.transport..")
                .layer("features").definedBy("..media.ice..", "..media.dtls..", "..media.srtp..", "..media.sctp..", "..media.sdp..", "..media.feedback..", "..media.congestion..", "..media.forward..")
                .layer("wire").definedBy("..media.text..", "..media.rtp..", "..media.rtcp..", "..media.stun..", "..media.codec..", "..media.time..", "..media.tap..")
                .layer("control").definedBy("..media.control..")
                .whereLayer("net").mayNotBeAccessedByAnyLayer()
                .whereLayer("router").mayOnlyBeAccessedByLayers("net")
                .whereLayer("transport").mayOnlyBeAccessedByLayers("net", "router")
                .whereLayer("features").mayOnlyBeAccessedByLayers("net", "router", "transport")
                .withOptionalLayers(true)
                .check(CLASSES);
    }

    @Test
    void coreHasNoSocketsClocksOrLocks() {
        noClasses().that().resideInAPackage("..media..").and().resideOutsideOfPackage("..media.net..")
                .should().dependOnClassesThat().resideInAnyPackage("io.netty.channel..", "java.util.concurrent.locks..")
                .orShould().callMethod(System.class, "nanoTime")
                .orShould().callMethod(System.class, "currentTimeMillis")
                .orShould().callMethod(Instant.class, "now")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void theDoorIsMadeOfJdkTypes() {
        noClasses().that().resideInAPackage("..media.control..")
                .should().dependOnClassesThat(
                        not(resideInAPackage("..media.control..")).and(not(resideInAPackage("java.."))).and(not(resideInAPackage("org.jspecify.."))))
                .allowEmptyShould(true)
                .check(CLASSES);
    }
    // spotless:on
}
