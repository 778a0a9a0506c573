package org.rotunda.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.util.ManifestInfo;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Checks that all parts of Pekko have the same version, with few exceptions. Pekko's own check is off, because it
 * allows no exceptions.
 */
class MixedVersionsTest {
    /** Parts of Pekko with release numbers of their own. */
    private static final String RELEASED_APART =
            "pekko-(http|parsing|management|projection|persistence-jdbc|discovery-).*";

    /** Parts of Pekko whose newest release is older than the release of the other parts. */
    private static final Set<String> OLDER = Set.of("pekko-discovery");

    @Test
    void allPartsOfPekkoAreOfOneVersionButTheOneThatIsKnown() {
        ActorSystem system = ActorSystem.create(
                "versions",
                ConfigFactory.parseString("pekko.fail-mixed-versions = off").withFallback(ConfigFactory.load()));
        try {
            Map<String, ManifestInfo.Version> versions = CollectionConverters.asJava(
                    new ManifestInfo((org.apache.pekko.actor.ExtendedActorSystem) system).versions());
            ManifestInfo.Version ofActors = versions.get("pekko-actor");

            assertThat(versions.entrySet().stream()
                            .filter(part -> part.getKey().startsWith("pekko-"))
                            .filter(part -> !part.getKey().matches(RELEASED_APART))
                            .filter(part -> !part.getValue().equals(ofActors))
                            .map(Map.Entry::getKey)
                            .collect(Collectors.toSet()))
                    .isEqualTo(OLDER);
        } finally {
            system.terminate();
        }
    }
}
