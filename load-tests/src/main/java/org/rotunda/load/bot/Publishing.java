package org.rotunda.load.bot;

/** The set of tracks that a bot publishes. */
public record Publishing(boolean audio, Video video, boolean data) {
    /** The kind of a bot's video. */
    public enum Video {
        NONE,
        /** One stream of 2.5 Mbit/s with made-up content, which no decoder accepts. */
        SINGLE,
        /**
         * Three layers up to 2.5 Mbit/s with made-up content, which no decoder accepts. Key frames are sent only on
         * request.
         */
        SIMULCAST,
        /** Three layers of the clip, which decoders accept. A key frame is sent every three seconds and on request. */
        CLIP
    }

    public static final Publishing NOTHING = new Publishing(false, Video.NONE, false);
    public static final Publishing AUDIO = new Publishing(true, Video.NONE, false);
    public static final Publishing SIMULCAST = new Publishing(false, Video.SIMULCAST, false);
    public static final Publishing AUDIO_AND_SIMULCAST = new Publishing(true, Video.SIMULCAST, false);
    /** Audio, the clip and a data track. */
    public static final Publishing EVERYTHING = new Publishing(true, Video.CLIP, true);

    public Publishing withVideo(Video kind) {
        return new Publishing(audio, kind, data);
    }

    public Publishing withAudio() {
        return new Publishing(true, video, data);
    }

    public Publishing withData() {
        return new Publishing(audio, video, true);
    }
}
