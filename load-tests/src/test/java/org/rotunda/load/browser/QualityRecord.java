package org.rotunda.load.browser;

import static org.rotunda.load.browser.MediaExpectations.number;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.rotunda.load.relay.Link;

/**
 * What a page has received over time, from samples of the browser's statistics ({@code quality.js}). All times are
 * milliseconds on the page's clock. Pure, apart from the two methods that ask the page.
 */
record QualityRecord(List<Sample> samples) {
    /** The interval between two samples, in ms. */
    static final int SAMPLE_EVERY_MS = 100;

    /** The number of samples within which a video must have a new frame, or else it counts as frozen. */
    private static final int SAMPLES_TO_MOVE = 3;

    private static final double BIN_MS = 1_000;
    /** The number of equal bins in a row after which a layer counts as changed. */
    private static final int BINS_TO_CHANGE = 2;
    // The rates of received frames between the temporal layers of a video of 30 frames/s: 7.5, 15 and 30.
    private static final double BASE_LAYER_FRAMES_MAX = 11;
    private static final double MIDDLE_LAYER_FRAMES_MAX = 22;

    /**
     * One sample.
     *
     * @param bytes all bytes of the connection so far, without IP and UDP headers
     * @param packets all datagrams of the connection so far
     */
    record Sample(
            double at,
            double bytes,
            double packets,
            double audioReceived,
            double audioLost,
            Map<String, Video> videos) {}

    /** One video at the time of a sample, with its frames so far. */
    record Video(boolean off, int height, double received, double decoded) {}

    QualityRecord {
        samples = List.copyOf(samples);
    }

    /** Begins to sample. The page needs {@code quality.js}. */
    static void begin(CallPage page) {
        page.evaluate("interval => quality.watch(interval)", SAMPLE_EVERY_MS);
    }

    /** Returns the samples that the page has taken so far. */
    static QualityRecord of(CallPage page) {
        List<Map<String, Object>> taken = CallPage.castList(page.page().evaluate("() => quality.samples"));
        List<Sample> samples = new ArrayList<>();
        for (Map<String, Object> one : taken) {
            Map<String, Video> videos = new TreeMap<>();
            for (Map<String, Object> video : CallPage.<Map<String, Object>>list(one, "videos")) {
                videos.put(
                        CallPage.text(video, "track"),
                        new Video(
                                Boolean.TRUE.equals(video.get("off")),
                                (int) number(video, "height"),
                                number(video, "received"),
                                number(video, "decoded")));
            }
            samples.add(new Sample(
                    number(one, "at"),
                    number(one, "bytes"),
                    number(one, "packets"),
                    number(one, "audioReceived"),
                    number(one, "audioLost"),
                    videos));
        }
        return new QualityRecord(samples);
    }

    private List<Sample> between(double from, double to) {
        return samples.stream().filter(one -> one.at >= from && one.at <= to).toList();
    }

    /** Returns the mean rate in bit/s, with the headers that the relay's bottleneck counts. */
    double rateBps(double from, double to) {
        List<Sample> all = between(from, to);
        if (all.size() < 2) {
            return 0;
        }
        Sample first = all.get(0);
        Sample last = all.get(all.size() - 1);
        double bytes = last.bytes - first.bytes + (last.packets - first.packets) * Link.OVERHEAD_BYTES;
        return bytes * 8_000 / (last.at - first.at);
    }

    /** Returns the lowest and the highest rate of all windows of this length, as a share of the mean rate. */
    double peakToPeak(double from, double to, double window) {
        double lowest = Double.MAX_VALUE;
        double highest = 0;
        for (double start = from; start + window <= to; start += BIN_MS / 2) {
            double rate = rateBps(start, start + window);
            lowest = Math.min(lowest, rate);
            highest = Math.max(highest, rate);
        }
        return (highest - lowest) / rateBps(from, to);
    }

    /** Returns the share of audio packets that were lost. */
    double audioLoss(double from, double to) {
        List<Sample> all = between(from, to);
        Sample first = all.get(0);
        Sample last = all.get(all.size() - 1);
        double lost = last.audioLost - first.audioLost;
        double received = last.audioReceived - first.audioReceived;
        return received + lost == 0 ? 0 : lost / (received + lost);
    }

    /**
     * Returns the time at which all these videos are on, have this height and are not frozen; infinity if they never
     * are.
     */
    double whenAllHave(int videos, int height, double from) {
        for (int i = SAMPLES_TO_MOVE; i < samples.size(); i++) {
            Sample before = samples.get(i - SAMPLES_TO_MOVE);
            Sample now = samples.get(i);
            long all = now.videos.entrySet().stream()
                    .filter(entry -> !entry.getValue().off && entry.getValue().height == height)
                    .filter(entry -> entry.getValue().decoded > decoded(before, entry.getKey()))
                    .count();
            if (now.at >= from && all == videos) {
                return now.at;
            }
        }
        return Double.POSITIVE_INFINITY;
    }

    private static double decoded(Sample sample, String track) {
        Video video = sample.videos.get(track);
        return video == null ? 0 : video.decoded;
    }

    /** Returns the longest time without a new decoded frame of a video that was on, in ms. */
    double longestFreeze(double from, double to) {
        Map<String, Double> aliveAt = new HashMap<>();
        Map<String, Double> frames = new HashMap<>();
        double longest = 0;
        for (Sample sample : between(from, to)) {
            for (Map.Entry<String, Video> entry : sample.videos.entrySet()) {
                String track = entry.getKey();
                Video video = entry.getValue();
                Double before = frames.put(track, video.decoded);
                if (video.off || before == null || video.decoded > before) {
                    aliveAt.put(track, sample.at);
                }
                longest = Math.max(longest, sample.at - aliveAt.getOrDefault(track, sample.at));
            }
        }
        return longest;
    }

    /**
     * Returns the number of changes between layers of all videos: of the height, of the rate of frames, and to and from
     * off. A layer counts as changed when it lasts for two seconds.
     */
    int layerSwitches(double from, double to) {
        return layers(from, to).values().stream()
                .mapToInt(layers -> layers.size() - 1)
                .sum();
    }

    /** Returns the layers of every video in the order in which it had them, for instance {@code 720p30}. */
    Map<String, List<String>> layers(double from, double to) {
        Map<String, List<String>> bins = new TreeMap<>();
        for (double start = from; start + BIN_MS <= to; start += BIN_MS) {
            List<Sample> all = between(start, start + BIN_MS);
            if (all.size() < 2) {
                continue;
            }
            Sample first = all.get(0);
            Sample last = all.get(all.size() - 1);
            last.videos.forEach((track, video) -> {
                Video then = first.videos.get(track);
                if (then != null) {
                    double rate = (video.received - then.received) * 1_000 / (last.at - first.at);
                    bins.computeIfAbsent(track, none -> new ArrayList<>()).add(layer(video, rate));
                }
            });
        }
        Map<String, List<String>> lasting = new TreeMap<>();
        bins.forEach((track, all) -> lasting.put(track, lasting(all)));
        return lasting;
    }

    private static String layer(Video video, double framesPerSecond) {
        if (video.off) {
            return "off";
        }
        String rate = framesPerSecond < BASE_LAYER_FRAMES_MAX
                ? "p8"
                : framesPerSecond < MIDDLE_LAYER_FRAMES_MAX ? "p15" : "p30";
        return video.height + rate;
    }

    private static List<String> lasting(List<String> bins) {
        List<String> lasting = new ArrayList<>();
        for (int i = BINS_TO_CHANGE - 1; i < bins.size(); i++) {
            String layer = bins.get(i);
            boolean lasts = bins.subList(i - BINS_TO_CHANGE + 1, i + 1).stream().allMatch(layer::equals);
            if (lasts && (lasting.isEmpty() || !lasting.get(lasting.size() - 1).equals(layer))) {
                lasting.add(layer);
            }
        }
        return lasting;
    }
}
