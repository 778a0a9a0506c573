package org.rotunda.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests what a media node says about its processors. */
class MediaProcessorsTest {

    @ParameterizedTest
    @CsvSource({"1, 2, 0", "2, 2, 0", "3, 2, 1", "16, 16, 0", "1, 1, 1", "2, 1, 2"})
    void saysWhatIsAmiss(int loops, int processors, int doubts) {
        assertThat(MediaProcessors.doubts(loops, processors)).hasSize(doubts);
    }

    @ParameterizedTest
    @CsvSource({"5, 4"})
    void namesTheKeyAndBothNumbers(int loops, int processors) {
        assertThat(MediaProcessors.doubts(loops, processors))
                .singleElement()
                .asString()
                .contains("rotunda.media.loops is 5", "4 processors");
    }
}
