package org.rotunda.media.sdp;

import java.util.List;
import java.util.Set;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.stun.IceCredentials;

/**
 * The parameters of this node in our descriptions.
 *
 * @param fingerprint the fingerprint of our DTLS certificate, for instance {@code sha-256 AB:CD:…} (RFC 8122)
 * @param candidates the values of our {@code a=candidate} lines, with or without the prefix {@code candidate:}
 * @param videoCodecs the room's video codecs; no other video codec is negotiated
 */
public record LocalParameters(
        String iceUfrag, String icePwd, String fingerprint, List<String> candidates, Set<Codec> videoCodecs) {
    public LocalParameters {
        candidates = List.copyOf(candidates);
        videoCodecs = Set.copyOf(videoCodecs);
    }

    public IceCredentials ice() {
        return new IceCredentials(iceUfrag, icePwd);
    }

    public LocalParameters withIce(IceCredentials ice) {
        return new LocalParameters(ice.ufrag(), ice.pwd(), fingerprint, candidates, videoCodecs);
    }

    boolean isAllowed(Codec codec) {
        return !codec.isVideo() || videoCodecs.contains(codec);
    }
}
