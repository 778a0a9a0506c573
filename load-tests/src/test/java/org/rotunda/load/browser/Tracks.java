package org.rotunda.load.browser;

import java.util.Map;

/** Describes tracks to publish in the format of the test page's script. */
public final class Tracks {
    private Tracks() {}

    public static Map<String, Object> microphone(String name) {
        return Map.of("kind", "audio", "name", name);
    }

    /** Describes a track of the browser's fake camera. */
    public static Map<String, Object> camera(String name, int width, int height, int frameRate) {
        return Map.of("kind", "video", "name", name, "width", width, "height", height, "frameRate", frameRate);
    }

    public static Map<String, Object> camera(String name) {
        return camera(name, 640, 360, 15);
    }

    public static Map<String, Object> data(String name) {
        return Map.of("kind", "data", "name", name);
    }

    /** Describes a data track that is unordered and does not retransmit. */
    public static Map<String, Object> unreliableData(String name) {
        return Map.of("kind", "data", "name", name, "options", Map.of("ordered", false, "maxRetransmits", 0));
    }
}
