package org.rotunda.record.plan;

import java.util.ArrayList;
import java.util.List;
import org.rotunda.record.layout.CompositionSpec;
import org.rotunda.record.layout.LayoutException;

/** Recordings and plans for tests. The SIDs of a track named {@code a} are easy to tell: {@code MT0…61}, and so on. */
public final class Rooms {
    private Rooms() {}

    public static String sid(String prefix, String name) {
        StringBuilder hex = new StringBuilder();
        name.chars().forEach(c -> hex.append(String.format("%02x", c)));
        return prefix + "0".repeat(32 - hex.length()) + hex;
    }

    public static SourceRecording video(String name, long startSeconds, long endSeconds) {
        return recording(name, SourceCodec.VP8, startSeconds * 1_000, endSeconds * 1_000);
    }

    public static SourceRecording audio(String name, long startSeconds, long endSeconds) {
        return recording(name, SourceCodec.OPUS, startSeconds * 1_000, endSeconds * 1_000);
    }

    public static SourceRecording recording(String name, SourceCodec codec, long startMs, long endMs) {
        return new SourceRecording(
                sid("RT", name), sid("MT", name), sid("PA", name), name, codec, startMs, endMs, 1_000_000);
    }

    /** Makes so many recordings of the same ten seconds. */
    static List<SourceRecording> videos(int count) {
        List<SourceRecording> videos = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            videos.add(video("%03d".formatted(i), 0, 10));
        }
        return videos;
    }

    public static CompositionSpec spec(
            String layout, List<String> audio, String resolution, String format, boolean trim) {
        try {
            return CompositionSpec.read(new CompositionSpec.Parameters(
                    layout, audio, List.of(), resolution, format, Boolean.toString(trim)));
        } catch (LayoutException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public static CompositionPlan plan(CompositionSpec spec, List<SourceRecording> room) {
        try {
            return Planner.plan(spec, room, PlanSettings.DEFAULT);
        } catch (PlanException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Plans a layout of one region whose keys are given, with all tracks as its sources. */
    static CompositionPlan plan(String keys, String resolution, List<SourceRecording> room) {
        String region = "{\"main\":{\"video_sources\":[\"*\"]" + (keys.isEmpty() ? "" : "," + keys) + "}}";
        return plan(spec(region, List.of("*"), resolution, "mp4", true), room);
    }
}
