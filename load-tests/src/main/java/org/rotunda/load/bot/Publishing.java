package org.rotunda.load.bot;

/** What a bot publishes. */
public record Publishing(boolean audio, Video video, boolean data) {
    /** Video, and of which kind. */
    public enum Video {
        NONE,
        /** One stream of 2.5 Mbit/s that no decoder can read. */
        SINGLE,
        /** Three layers up to 2.5 Mbit/s that no decoder can read; key frames only where one is asked for. */
        SIMULCAST,
        /** Three layers of the clip, which decoders accept; a key frame each three seconds. */
        CLIP
    }

    public static final Publishing NOTHING = new Publishing(false, Video.NONE, false);
    public static final Publishing AUDIO = new Publishing(true, Video.NONE, false);
    public static final Publishing SIMULCAST = new Publishing(false, Video.SIMULCAST, false);
    public static final Publishing AUDIO_AND_SIMULCAST = new Publishing(true, Video.SIMULCAST, false);
    /** Sound, the clip and a data track. */
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
