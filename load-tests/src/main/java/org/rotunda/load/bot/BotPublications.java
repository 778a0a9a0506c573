package org.rotunda.load.bot;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.rotunda.load.bot.signaling.SignalingPeer;
import org.rotunda.load.bot.source.VideoSource;

/**
 * The published tracks of a bot. Creates and removes tracks when the bot is told to publish other tracks. {@link
 * BotAgent} applies the changes to the connection. Owned by the bot's loop.
 */
final class BotPublications {
    private final BotSettings settings;
    private final BotContent content;
    private final RandomGenerator random;
    private final List<BotTrack> tracks = new ArrayList<>();
    private Publishing publishing = Publishing.NOTHING;
    private @Nullable String dataLabel;
    private String videoPriority = "standard";
    private int layers = BotSignals.ALL_LAYERS;

    BotPublications(BotSettings settings, BotContent content, RandomGenerator random) {
        this.settings = settings;
        this.content = content;
        this.random = random;
    }

    /**
     * The change from one set of published tracks to the next.
     *
     * @param closed the label of the data track that ends, or null
     * @param opened the label of the data track that begins, or null
     */
    record Change(
            List<BotTrack> removed,
            List<BotTrack> added,
            @Nullable String closed,
            @Nullable String opened) {
        Change {
            removed = List.copyOf(removed);
            added = List.copyOf(added);
        }
    }

    boolean is(Publishing desired) {
        return desired.equals(publishing);
    }

    /** Replaces the set of published tracks and returns the change. */
    Change changeTo(Publishing next, long nowNanos) {
        List<BotTrack> removed = tracks.stream()
                .filter(track -> track.isVideo() ? next.video() != publishing.video() : !next.audio())
                .toList();
        tracks.removeAll(removed);
        List<BotTrack> added = newTracks(next, nowNanos);
        tracks.addAll(added);
        String closed = next.data() ? null : dataLabel;
        String opened = next.data() && dataLabel == null ? BotTrack.newId(random) : null;
        if (closed != null || opened != null) {
            dataLabel = opened;
        }
        publishing = next;
        return new Change(removed, added, closed, opened);
    }

    private List<BotTrack> newTracks(Publishing next, long nowNanos) {
        List<BotTrack> added = new ArrayList<>();
        if (next.audio() && !publishing.audio()) {
            added.add(new AudioOut(
                    "microphone",
                    BotTrack.newId(random),
                    content.speech(),
                    settings.speech(),
                    random,
                    content.fleetStartNanos(),
                    nowNanos,
                    content.unixMinusMonotonicNanos()));
        }
        VideoSource video = content.video(next.video());
        if (video != null && next.video() != publishing.video()) {
            VideoOut camera = new VideoOut(
                    "camera", BotTrack.newId(random), video, random, nowNanos, content.unixMinusMonotonicNanos());
            camera.sendLayers(layers);
            added.add(camera);
        }
        return added;
    }

    /** Recreates all tracks for a new connection. The tracks keep their ids and get new SSRCs. */
    List<BotTrack> renew(long nowNanos) {
        tracks.replaceAll(track -> track.renewed(random, nowNanos));
        return List.copyOf(tracks);
    }

    /** Sends these layers of all video from now on, as a mask of bits; bit 0 is the lowest layer. */
    void sendLayers(int mask) {
        layers = mask;
        for (BotTrack track : tracks) {
            if (track instanceof VideoOut video) {
                video.sendLayers(mask);
            }
        }
    }

    /** Sets the publish priority of the video, which the next update of the tracks announces. */
    void setVideoPriority(String priority) {
        videoPriority = priority;
    }

    /** Returns the label of the data track; null if there is none. */
    @Nullable
    String dataLabel() {
        return dataLabel;
    }

    /** Returns the tracks as signaling announces them to the room. */
    List<SignalingPeer.Track> announced() {
        List<SignalingPeer.Track> announced = new ArrayList<>();
        for (BotTrack track : tracks) {
            SignalingPeer.Track each =
                    new SignalingPeer.Track(track.trackId(), track.isVideo() ? "video" : "audio", track.name());
            announced.add(track.isVideo() ? each.withPriority(videoPriority) : each);
        }
        String label = dataLabel;
        if (label != null) {
            announced.add(new SignalingPeer.Track(label, "data", "data of " + settings.identity()));
        }
        return announced;
    }
}
