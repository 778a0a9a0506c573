package org.rotunda.media.sdp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Descriptions recorded from the unmodified {@code twilio-video} SDK in Chromium. */
final class Goldens {
    static final List<String> NAMES = List.of(
            "offer-no-tracks",
            "offer-audio-video",
            "offer-simulcast",
            "offer-simulcast-video-first",
            "offer-prefer-h264",
            "offer-data-track",
            "offer-unpublished-video",
            "answer-after-unpublish",
            "answer-data-and-media");

    private Goldens() {}

    static String text(String name) {
        return resource(name + ".sdp");
    }

    static String resource(String file) {
        try (InputStream in = Objects.requireNonNull(Goldens.class.getResourceAsStream("/sdp/" + file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SessionDescription parsed(String name) {
        return parse(text(name));
    }

    static SessionDescription parse(String text) {
        if (SdpParser.parse(text) instanceof SdpResult.Parsed parsed) {
            return parsed.description();
        }
        throw new AssertionError(SdpParser.parse(text) + "\n" + text);
    }
}
