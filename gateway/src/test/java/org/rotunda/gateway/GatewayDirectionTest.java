package org.rotunda.gateway;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Tests the direction of imports inside the gateway, and which packages of other modules the gateway imports. */
class GatewayDirectionTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/testkit/"))
            .importPackages("org.rotunda.gateway");

    @Test
    void rulesSeeTheWholeModule() {
        assertThat(CLASSES.size()).isGreaterThan(40); // If ArchUnit found no classes, every rule below would pass.
    }

    // spotless:off – one rule reads as one sentence
    @Test
    void layersPointDownwards() {
        layeredArchitecture().consideringOnlyDependenciesInLayers()
                .layer("gateway").definedBy("org.rotunda.gateway")
                .layer("http").definedBy("..gateway.http..")
                .layer("rest").definedBy("..gateway.rest..")
                .layer("connection").definedBy("..gateway.connection..")
                .layer("callback").definedBy("..gateway.callback..")
                .layer("signal").definedBy("..gateway.signal..")
                .layer("turn").definedBy("..gateway.turn..")
                .layer("account").definedBy("..gateway.account..")
                .layer("auth").definedBy("..gateway.auth..")
                .layer("tls").definedBy("..gateway.tls..")
                .layer("net").definedBy("..gateway.net..")
                .layer("insights").definedBy("..gateway.insights..")
                .layer("limit").definedBy("..gateway.limit..")
                .whereLayer("gateway").mayNotBeAccessedByAnyLayer()
                .whereLayer("http").mayOnlyBeAccessedByLayers("gateway")
                .whereLayer("rest").mayOnlyBeAccessedByLayers("gateway", "http")
                .whereLayer("connection").mayOnlyBeAccessedByLayers("gateway", "http")
                .whereLayer("callback").mayOnlyBeAccessedByLayers("gateway")
                .whereLayer("signal").mayOnlyBeAccessedByLayers("gateway", "connection")
                .whereLayer("turn").mayOnlyBeAccessedByLayers("gateway", "connection")
                .whereLayer("account").mayOnlyBeAccessedByLayers("gateway", "rest")
                .whereLayer("auth").mayOnlyBeAccessedByLayers(
                        "gateway", "http", "rest", "connection", "callback", "account", "turn", "insights")
                .whereLayer("insights").mayOnlyBeAccessedByLayers("gateway", "http")
                .whereLayer("limit").mayOnlyBeAccessedByLayers("gateway", "rest", "connection", "insights")
                .whereLayer("tls").mayOnlyBeAccessedByLayers("gateway", "http")
                .whereLayer("net").mayOnlyBeAccessedByLayers("http", "callback")
                .check(CLASSES);
    }

    @Test
    void theGatewaySeesOnlyTheProtocolOfRoomsAndTheirRules() {
        noClasses().should().dependOnClassesThat(
                        resideInAPackage("org.rotunda.room..")
                                .and(not(resideInAnyPackage("org.rotunda.room.protocol", "org.rotunda.room.rules"))))
                .check(CLASSES);
    }

    @Test
    void theGatewaySeesOnlyTheControlOfMedia() {
        noClasses().should().dependOnClassesThat(
                        resideInAPackage("org.rotunda.media..").and(not(resideInAPackage("org.rotunda.media.control"))))
                .check(CLASSES);
    }

    @Test
    void theGatewaySeesNeitherNodesNorNetty() {
        noClasses().should().dependOnClassesThat().resideInAnyPackage("org.rotunda.node..", "io.netty..")
                .check(CLASSES);
    }

    @Test
    void wireMessagesAndTokensArePure() {
        noClasses().that().resideInAnyPackage("..gateway.signal..", "..gateway.auth..", "..gateway.turn..")
                .should().dependOnClassesThat().resideInAnyPackage("org.apache.pekko..")
                .check(CLASSES);
    }

    @Test
    void timeComesFromAClock() {
        noClasses().should().callMethod(System.class, "currentTimeMillis")
                .orShould().callMethod(System.class, "nanoTime")
                .orShould().callMethod(Instant.class, "now")
                .check(CLASSES);
    }
    // spotless:on
}
