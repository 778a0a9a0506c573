package org.rotunda.load.bot;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Route;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Makes the clip that bots publish, with Chromium's own encoders. A developer runs this class by hand when the clip
 * must change; the README beside the clip says how.
 */
public final class ClipMaker {
    private static final int FRAMES = 88; // The number must be a multiple of the temporal pattern's four frames.
    private static final int FRAMES_PER_SECOND = 30;
    private static final int SOUND_PACKETS = 100;
    private static final int[] PATTERN = {0, 2, 1, 2};
    private static final int IVF_HEADER_BYTES = 32;
    private static final int IVF_FRAME_HEADER_BYTES = 12;

    private static final List<Map<String, Object>> LAYERS = List.of(
            Map.of("width", 320, "height", 180, "bitrate", 150_000),
            Map.of("width", 640, "height", 360, "bitrate", 500_000),
            Map.of("width", 1280, "height", 720, "bitrate", 2_500_000));

    private ClipMaker() {}

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        String script = Files.readString(Path.of(arguments[1]));
        try (Playwright playwright = Playwright.create(
                        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                Browser browser = playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(Path.of("/usr/bin/chromium"))
                                .setArgs(List.of("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")))) {
            Page page = browser.newPage();
            page.setDefaultTimeout(0);
            page.route(
                    "**/*",
                    route -> route.fulfill(new Route.FulfillOptions()
                            .setContentType("text/html")
                            .setBody("<p>")));
            page.navigate("http://localhost/"); // Browsers offer encoders to secure contexts only.
            Map<String, Object> made = map(page.evaluate(
                    script.substring(script.indexOf("async (")),
                    Map.of(
                            "frames", FRAMES,
                            "framesPerSecond", FRAMES_PER_SECOND,
                            "layers", LAYERS,
                            "soundPackets", SOUND_PACKETS)));
            for (Object layer : list(made, "video")) {
                write(directory, map(layer));
            }
            writeSound(directory, list(made, "sound"));
        }
    }

    private static void write(Path directory, Map<String, Object> layer) throws IOException {
        int width = number(layer, "width");
        int height = number(layer, "height");
        List<Object> frames = list(layer, "frames");
        if (frames.size() != FRAMES) {
            throw new IllegalStateException("the encoder dropped frames: " + frames.size());
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(ByteBuffer.allocate(IVF_HEADER_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("DKIF".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 0)
                .putShort((short) IVF_HEADER_BYTES)
                .put("VP80".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) width)
                .putShort((short) height)
                .putInt(FRAMES_PER_SECOND)
                .putInt(1)
                .putInt(FRAMES)
                .putInt(0)
                .array());
        for (int i = 0; i < FRAMES; i++) {
            Map<String, Object> frame = map(frames.get(i));
            boolean key = Boolean.TRUE.equals(frame.get("key"));
            if (key != (i == 0) || number(frame, "temporalId") != PATTERN[i % PATTERN.length]) {
                throw new IllegalStateException("frame " + i + " is not of the pattern: key " + key
                        + ", temporal layer " + frame.get("temporalId"));
            }
            byte[] data = Base64.getDecoder().decode(String.valueOf(frame.get("data")));
            out.write(ByteBuffer.allocate(IVF_FRAME_HEADER_BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(data.length)
                    .putLong(i)
                    .array());
            out.write(data);
        }
        Path file = directory.resolve("clip-" + height + ".ivf");
        Files.write(file, out.toByteArray());
        System.out.printf(
                "%s: %d bytes, %d bit/s%n", file, out.size(), (long) out.size() * 8 * FRAMES_PER_SECOND / FRAMES);
    }

    private static void writeSound(Path directory, List<Object> packets) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Object packet : packets) {
            byte[] data = Base64.getDecoder().decode(String.valueOf(packet));
            out.write(data.length >>> 8);
            out.write(data.length);
            out.writeBytes(data);
        }
        try {
            Files.write(directory.resolve("speech.opus"), out.toByteArray());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        System.out.printf("%d Opus packets, %d bytes%n", packets.size(), out.size());
    }

    private static int number(Map<String, Object> map, String key) {
        return ((Number) Objects.requireNonNull(map.get(key), key)).intValue();
    }

    @SuppressWarnings("unchecked") // Playwright returns JSON as maps and lists of Object.
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked") // Playwright returns JSON as maps and lists of Object.
    private static List<Object> list(Map<String, Object> map, String key) {
        return (List<Object>) Objects.requireNonNull(map.get(key), key);
    }
}
