package org.rotunda.media.forward;

/**
 * A copy of the state of a {@link SourceTrack}, from which a source on another event loop goes on. {@link
 * SourceTrack#state} makes it. It never changes, so any thread may read it.
 */
public final class SourceState {
    final boolean video;
    final EncodingActivity[] encodings;
    final PayloadTypes payloadTypes;
    final int extensionId;
    final int generation;
    final boolean screen;
    final SourceClock clock = new SourceClock();

    SourceState(
            boolean video,
            EncodingActivity[] encodings,
            PayloadTypes payloadTypes,
            int extensionId,
            int generation,
            boolean screen,
            SourceClock clock) {
        this.video = video;
        this.encodings = new EncodingActivity[encodings.length];
        for (int i = 0; i < encodings.length; i++) {
            this.encodings[i] = new EncodingActivity();
            this.encodings[i].follow(encodings[i]);
        }
        this.payloadTypes = payloadTypes;
        this.extensionId = extensionId;
        this.generation = generation;
        this.screen = screen;
        this.clock.follow(clock);
    }

    public boolean isVideo() {
        return video;
    }

    public int encodingCount() {
        return encodings.length;
    }

    /** Returns a number that changes when the publisher's streams are replaced. */
    public int generation() {
        return generation;
    }
}
