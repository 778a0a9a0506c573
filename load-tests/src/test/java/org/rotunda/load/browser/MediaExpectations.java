package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rotunda.load.testkit.TimeLimit;

/** Assertions about received media, based on the browser's own statistics. */
public final class MediaExpectations {
    private static final int WINDOW_SECONDS = 10;

    private MediaExpectations() {}

    /**
     * Waits until this many remote media tracks have received packets and every video track among them has decoded
     * frames.
     */
    public static void awaitFlowing(CallPage page, int tracks) {
        page.await(
                tracks + " flowing media tracks",
                "async tracks => { const stats = await call.mediaStats(); return stats.length === tracks && stats.every("
                        + "one => one.packetsReceived > 0 && (one.kind === 'audio' || one.framesDecoded > 0)); }",
                tracks);
    }

    /** Waits until the video track has decoded five more frames than at the first check. */
    public static void awaitDecoding(CallPage page, String trackSid) {
        page.await("frames of " + trackSid, """
                async sid => {
                  const one = (await call.mediaStats()).find(stats => stats.track === sid);
                  window.firstFrames = window.firstFrames || {};
                  if (!one || one.framesDecoded === 0) return false;
                  if (window.firstFrames[sid] === undefined) window.firstFrames[sid] = one.framesDecoded;
                  return one.framesDecoded >= window.firstFrames[sid] + 5;
                }
                """, trackSid);
    }

    /**
     * Asserts that over ten seconds of the page's clock every remote video is decoded at this rate or faster, and that
     * the audio energy of every remote audio track grows.
     */
    public static void assertDecodingOverTenSeconds(List<CallPage> pages, int videosEach, int framesPerSecondMin) {
        for (CallPage page : pages) {
            page.evaluate(
                    "async () => { window.windowStart = performance.now(); window.before = await call.mediaStats(); }");
        }
        for (CallPage page : pages) {
            page.await(
                    "ten seconds of media",
                    "milliseconds => performance.now() - window.windowStart >= milliseconds",
                    WINDOW_SECONDS * 1000);
            List<Map<String, Object>> before = CallPage.castList(page.evaluate("() => window.before"));
            Map<Object, Map<String, Object>> earlier = new HashMap<>();
            before.forEach(one -> earlier.put(one.get("track"), one));
            double seconds =
                    ((Number) page.evaluate("() => (performance.now() - window.windowStart) / 1000")).doubleValue();
            int videos = 0;
            for (Map<String, Object> now : page.mediaStats()) {
                Map<String, Object> then = earlier.getOrDefault(now.get("track"), Map.of());
                if ("video".equals(now.get("kind"))) {
                    videos++;
                    assertThat((number(now, "framesDecoded") - number(then, "framesDecoded")) / seconds)
                            .as(
                                    "%s decodes %s of %s, frames/s: %s",
                                    page.identity(), now.get("track"), now.get("identity"), now)
                            .isGreaterThanOrEqualTo(TimeLimit.leastRate(framesPerSecondMin));
                } else {
                    assertThat(number(now, "audioEnergy"))
                            .as("%s hears %s: %s", page.identity(), now.get("identity"), now)
                            .isGreaterThan(number(then, "audioEnergy"));
                }
            }
            assertThat(videos).as("videos of %s", page.identity()).isEqualTo(videosEach);
        }
    }

    public static double number(Map<String, Object> stats, String key) {
        return stats.get(key) instanceof Number number ? number.doubleValue() : 0;
    }
}
