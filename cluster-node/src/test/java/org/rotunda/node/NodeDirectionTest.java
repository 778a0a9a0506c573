package org.rotunda.node;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Checks the direction of imports in the whole program: cluster-node → gateway → room-actor → media-router. */
class NodeDirectionTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.rotunda");

    @Test
    void rulesSeeTheWholeProgram() {
        for (String part : new String[] {"media", "room", "gateway", "node"}) {
            assertThat(CLASSES.stream()
                            .filter(one -> one.getPackageName().startsWith("org.rotunda." + part))
                            .count())
                    .as("classes of %s", part)
                    .isGreaterThan(10);
        }
    }

    // spotless:off: one rule reads as one sentence
    @Test
    void nobodyImportsTheNode() {
        noClasses().that().resideOutsideOfPackage("org.rotunda.node..")
                .should().dependOnClassesThat(resideInAPackage("org.rotunda.node.."))
                .check(CLASSES);
    }

    @Test
    void roomsAndMediaDoNotKnowTheGateway() {
        noClasses().that().resideInAnyPackage("org.rotunda.room..", "org.rotunda.media..")
                .should().dependOnClassesThat(resideInAPackage("org.rotunda.gateway.."))
                .check(CLASSES);
    }

    @Test
    void mediaKnowsNoRoomsAndNoActors() {
        noClasses().that().resideInAPackage("org.rotunda.media..")
                .should().dependOnClassesThat(resideInAPackage("org.rotunda.room.."))
                .orShould().dependOnClassesThat(resideInAPackage("org.apache.pekko.."))
                .check(CLASSES);
    }
    // spotless:on
}
