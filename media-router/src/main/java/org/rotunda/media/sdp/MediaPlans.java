package org.rotunda.media.sdp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.stun.IceCredentials;

/** Creates the media plan from the m-line table. */
final class MediaPlans {
    private MediaPlans() {}

    static MediaPlan of(
            long revision,
            MLineTable table,
            IceCredentials localIce,
            IceCredentials remoteIce,
            List<String> fingerprints,
            boolean iceRestart) {
        List<MediaPlan.Line> lines = new ArrayList<>();
        for (MLine line : table.lines()) {
            if (!line.rejected && line.kept == null && line.kind.isRtp()) {
                lines.add(new MediaPlan.Line(
                        line.mid,
                        line.kind,
                        incoming(line.remote),
                        line.negotiatedTrack(),
                        line.remote.payloads(),
                        line.remote.extensions()));
            }
        }
        return new MediaPlan(
                revision, lines, localIce, remoteIce, fingerprints, iceRestart, application(table.application()));
    }

    private static MediaPlan.@Nullable Incoming incoming(RemoteMedia remote) {
        return remote.direction().sends() ? new MediaPlan.Incoming(remote.trackId(), remote.encodings()) : null;
    }

    private static MediaPlan.@Nullable Application application(@Nullable MLine line) {
        return line == null || line.sctpPort == 0
                ? null
                : new MediaPlan.Application(line.mid, line.sctpPort, line.maxMessageSizeBytes);
    }
}
