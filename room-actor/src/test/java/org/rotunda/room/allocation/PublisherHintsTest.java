package org.rotunda.room.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rotunda.room.allocation.PublisherHints.Watcher;

/** Tests what publishers are asked to encode, and to which rate a single stream is throttled. */
class PublisherHintsTest {
    @ParameterizedTest
    @CsvSource({"0, 0, 1", "176, 144, 1", "320, 180, 1", "640, 360, 2", "640, 480, 2", "1280, 720, 3", "1920, 1080, 3"})
    void aTileWantsTheEncodingThatFillsItAndThoseBelow(int width, int height, int encodings) {
        assertThat(wanted(new Watcher(true, false, new RenderSize(width, height))))
                .isEqualTo(encodings);
    }

    @Test
    void theLargestTileCounts() {
        assertThat(wanted()).isZero();
        assertThat(wanted(new Watcher(false, false, null), new Watcher(false, true, null)))
                .isZero();
        assertThat(wanted(new Watcher(true, false, new RenderSize(320, 180)), new Watcher(true, false, null)))
                .isEqualTo(3);
        assertThat(wanted(new Watcher(true, true, null))).isEqualTo(1);
    }

    @Test
    void aSubscriberWithoutAHintWantsAtLeastTwoEncodings() {
        assertThat(wanted(new Watcher(true, false, BandwidthProfile.STANDARD_DEFAULT)))
                .isEqualTo(2);
    }

    @Test
    void recordingWantsAllEncodings() {
        assertThat(PublisherHints.encodings(1280, 720, 3, false, true, List.of()))
                .isEqualTo(3);
    }

    @Test
    void encodingsOfOneSizeAreWantedTogether() {
        assertThat(PublisherHints.encodings(
                        1280, 720, 2, true, false, List.of(new Watcher(true, false, new RenderSize(160, 90)))))
                .isEqualTo(2);
    }

    private static int wanted(Watcher... watchers) {
        return PublisherHints.encodings(1280, 720, 3, false, false, List.of(watchers));
    }

    @Test
    void aSingleStreamIsThrottledToItsWeakestSubscriber() {
        Ladder ladder = Ladder.elastic(1280, 720);
        List<Optional<LadderPoint>> layers = new ArrayList<>();
        assertThat(PublisherLimits.maxBps(ladder, layers)).isEqualTo(PublisherLimits.NO_LIMIT);
        layers.add(Optional.of(ladder.point(ladder.size() - 1)));
        assertThat(PublisherLimits.maxBps(ladder, layers)).isEqualTo(PublisherLimits.NO_LIMIT);
        layers.add(Optional.of(ladder.point(1)));
        assertThat(PublisherLimits.maxBps(ladder, layers)).isEqualTo(300_000);
        layers.add(Optional.of(ladder.point(0)));
        assertThat(PublisherLimits.maxBps(ladder, layers)).isEqualTo(PublisherLimits.FLOOR_BPS);
        layers.add(Optional.empty()); // A subscriber that cannot have even that is switched off instead.
        assertThat(PublisherLimits.maxBps(ladder, layers)).isEqualTo(PublisherLimits.FLOOR_BPS);
        assertThat(PublisherLimits.maxBps(Ladder.UNKNOWN, layers)).isEqualTo(PublisherLimits.NO_LIMIT);
    }
}
