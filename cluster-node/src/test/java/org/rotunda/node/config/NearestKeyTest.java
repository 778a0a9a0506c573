package org.rotunda.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestKeyTest {
    private static final NearestKey KEYS =
            NearestKey.among(List.of("http.host", "http.port", "media.port", "db.password", "region"));

    @ParameterizedTest
    @CsvSource({
        "http.prot, http.port", // swapped
        "htpp.port, http.port",
        "http.porrt, http.port", // inserted
        "http.ort, http.port", // left out
        "media.part, media.port", // replaced
        "db.pasword, db.password",
        "regoin, region",
    })
    void findsAKnownKeyThatIsAFewMistakesAway(String unknown, String meant) {
        assertThat(KEYS.to(unknown)).contains(meant);
    }

    @Test
    void findsNothingThatIsFarAway() {
        assertThat(KEYS.to("log.level")).isEmpty();
        assertThat(KEYS.to("x")).isEmpty();
    }

    @Test
    void findsTheSameEndInOtherSections() {
        assertThat(KEYS.endingLike("port")).containsExactly("http.port", "media.port");
        assertThat(KEYS.endingLike("http.region")).containsExactly("region");
        assertThat(KEYS.endingLike("http.tls")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', 0",
        "abc, abc, 0",
        "abc, '', 3",
        "abc, acb, 1",
        "abc, abd, 1",
        "abc, ab, 1",
        "kitten, sitting, 3"
    })
    void countsMistakes(String one, String other, int mistakes) {
        assertThat(NearestKey.mistakes(one, other)).isEqualTo(mistakes);
        assertThat(NearestKey.mistakes(other, one)).isEqualTo(mistakes);
    }
}
