package org.rotunda.load.bot;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.rotunda.media.rtp.ExtensionLayout;
import org.rotunda.media.sdp.HeaderExtension;
import org.rotunda.media.sdp.MediaSection;
import org.rotunda.media.testkit.PeerSdp;

/**
 * The header extensions in the packets of one track, as the server's description has negotiated them. The streams of a
 * track have different blocks only if their RIDs are negotiated. Immutable.
 */
final class TrackExtensions {
    private final List<ExtensionLayout> media;
    private final List<ExtensionLayout> resends;

    private TrackExtensions(List<ExtensionLayout> media, List<ExtensionLayout> resends) {
        this.media = List.copyOf(media);
        this.resends = List.copyOf(resends);
    }

    /** Returns extensions that are the same for all streams. */
    static TrackExtensions same(ExtensionLayout layout, int streams) {
        List<ExtensionLayout> layouts = Collections.nCopies(streams, layout);
        return new TrackExtensions(layouts, layouts);
    }

    /** Returns the header extensions that the server accepts in this section, for a track of so many streams. */
    static TrackExtensions of(MediaSection section, String mid, int streams) {
        ExtensionLayout.Builder builder = ExtensionLayout.builder();
        int ridId = 0;
        int repairedRidId = 0;
        for (String value : section.attributes("extmap")) {
            String[] words = value.split(" ", -1);
            int id = Integer.parseInt(words[0].split("/", -1)[0]);
            if (words[1].equals(HeaderExtension.MID.uri())) {
                builder.mid(id, mid);
            } else if (words[1].equals(HeaderExtension.TRANSPORT_CC.uri())) {
                builder.transportSequence(id);
            } else if (words[1].equals(HeaderExtension.AUDIO_LEVEL.uri())) {
                builder.audioLevel(id);
            } else if (words[1].equals(PeerSdp.ABS_SEND_TIME)) {
                builder.absSendTime(id);
            } else if (words[1].equals(HeaderExtension.RID.uri())) {
                ridId = id;
            } else if (words[1].equals(HeaderExtension.REPAIRED_RID.uri())) {
                repairedRidId = id;
            }
        }
        if (streams == 1 || ridId == 0) {
            return same(builder.build(), streams);
        }
        List<ExtensionLayout> media = new ArrayList<>();
        List<ExtensionLayout> resends = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            media.add(builder.rid(ridId, PeerSdp.rid(i)).build());
            resends.add(builder.rid(repairedRidId, PeerSdp.rid(i)).build());
        }
        return new TrackExtensions(media, resends);
    }

    /** Returns the extensions in the packets of this stream. */
    ExtensionLayout ofMedia(int stream) {
        return media.get(stream);
    }

    /** Returns the extensions in the packets that resend packets of this stream. */
    ExtensionLayout ofResends(int stream) {
        return resends.get(stream);
    }
}
