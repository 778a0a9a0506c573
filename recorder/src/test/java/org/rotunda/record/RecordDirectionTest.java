package org.rotunda.record;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/**
 * Tests the direction of imports inside the recorder. Also tests that everything below its edges uses no files,
 * sockets, clocks or locks, and that it knows of the media router only what reads packets.
 */
class RecordDirectionTest {
    private static final String[] EDGES = {"..record.net..", "..record.spool..", "..record.store..", "..record.ffmpeg.."
    };

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.rotunda.record");

    @Test
    void rulesSeeTheWholeModule() {
        assertThat(CLASSES.size()).isGreaterThan(10); // An empty import would make every rule below pass.
    }

    // spotless:off – one rule reads as one sentence
    @Test
    void layersPointDownwards() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("edges")
                .definedBy(EDGES)
                .layer("take")
                .definedBy("..record.take..")
                .layer("steps")
                .definedBy("..record.frames..", "..record.clock..")
                .layer("order")
                .definedBy("..record.order..")
                .layer("files")
                .definedBy("..record.matroska..")
                .layer("compositions")
                .definedBy("..record.layout..", "..record.plan..")
                .layer("control")
                .definedBy("..record.control..")
                .whereLayer("edges")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("take")
                .mayOnlyBeAccessedByLayers("edges")
                .whereLayer("steps")
                .mayOnlyBeAccessedByLayers("take")
                .whereLayer("order")
                .mayOnlyBeAccessedByLayers("take", "steps", "edges")
                .whereLayer("files")
                .mayOnlyBeAccessedByLayers("take", "edges")
                .whereLayer("compositions")
                .mayOnlyBeAccessedByLayers("edges")
                .withOptionalLayers(true)
                .check(CLASSES);
    }

    @Test
    void ofTheMediaRouterOnlyTheWireFormatsAreUsed() {
        noClasses()
                .that()
                .resideInAPackage("..record..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "..media.net..",
                        "..media.router..",
                        "..media.transport..",
                        "..media.ice..",
                        "..media.dtls..",
                        "..media.srtp..",
                        "..media.sctp..",
                        "..media.sdp..",
                        "..media.feedback..",
                        "..media.congestion..",
                        "..media.forward..")
                .check(CLASSES);
    }

    @Test
    void whatIsNoEdgeHasNoFilesSocketsClocksOrLocks() {
        noClasses()
                .that()
                .resideInAPackage("..record..")
                .and()
                .resideOutsideOfPackages(EDGES)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty.channel..", "java.nio.file..", "java.util.concurrent.locks..")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .check(CLASSES);
    }
    // spotless:on
}
