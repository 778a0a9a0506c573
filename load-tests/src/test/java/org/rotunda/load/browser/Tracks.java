package org.rotunda.load.browser;

import java.util.Map;

/** Tracks a page is asked to publish, in the words of the page's script. */
public final class Tracks {
    private Tracks() {}

    public static Map<String, Object> microphone(String name) {
        return Map.of("kind", "audio", "name", name);
    }

    /** The fake camera. */
    public static Map<String, Object> camera(String name, int width, int height, int frameRate) {
        return Map.of("kind", "video", "name", name, "width", width, "height", height, "frameRate", frameRate);
    }

    public static Map<String, Object> camera(String name) {
        return camera(name, 640, 360, 15);
    }

    public static Map<String, Object> data(String name) {
        return Map.of("kind", "data", "name", name);
    }

    /** A data track that neither orders nor repeats. */
    public static Map<String, Object> unreliableData(String name) {
        return Map.of("kind", "data", "name", name, "options", Map.of("ordered", false, "maxRetransmits", 0));
    }
}
