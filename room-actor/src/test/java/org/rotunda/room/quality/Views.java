package org.rotunda.room.quality;

import static java.util.Objects.requireNonNull;

import org.rotunda.room.quality.QualityAnswer.Bandwidth;
import org.rotunda.room.quality.QualityAnswer.Measurements;
import org.rotunda.room.quality.QualityAnswer.Media;
import org.rotunda.room.quality.QualityAnswer.View;

/** The parts of a view that its verbosity promises. A missing part fails the test. */
final class Views {
    private Views() {}

    static Media audio(View view) {
        return requireNonNull(view.audio(), "audio");
    }

    static Media video(View view) {
        return requireNonNull(view.video(), "video");
    }

    static Measurements sent(Media media) {
        return requireNonNull(media.sendStats(), "sendStats");
    }

    static Measurements received(Media media) {
        return requireNonNull(media.recvStats(), "recvStats");
    }

    static Bandwidth bandwidth(Measurements measurements) {
        return requireNonNull(measurements.bandwidth(), "bandwidth");
    }
}
