package org.rotunda.media.sdp;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.stun.IceCredentials;

/**
 * A description of the client that has passed all checks of its content. Every m-line has a MID. All m-lines share one
 * BUNDLE transport with ICE credentials and fingerprints. The client leaves the DTLS server role to us.
 *
 * @param bundleTag the first MID of the BUNDLE group; null if there is no group
 */
record RemoteDescription(
        List<MediaSection> media, @Nullable String bundleTag, IceCredentials ice, List<String> fingerprints) {
    /** The longest MID that a one-byte header extension can carry; browsers use shorter MIDs. */
    static final int MID_LENGTH_MAX = 16;

    private static final int FINGERPRINTS_MAX = 8;

    /** A description, or the reason why it cannot be used. */
    record Outcome(@Nullable RemoteDescription description, String reason) {}

    static Outcome read(String sdp) {
        if (sdp.isEmpty()) {
            return unusable("no SDP");
        }
        SdpResult result = SdpParser.parse(sdp);
        if (result instanceof SdpResult.Malformed malformed) {
            return unusable(malformed.fault() + " in line " + malformed.line());
        }
        return read(((SdpResult.Parsed) result).description());
    }

    private static Outcome read(SessionDescription session) {
        if (session.media().isEmpty()) {
            return unusable("no m-line");
        }
        String fault = checkMids(session);
        if (fault != null) {
            return unusable(fault);
        }
        MediaSection transport = transportOf(session);
        if (transport == null) {
            return unusable("every m-line is rejected");
        }
        String ufrag = attribute(session, transport, "ice-ufrag");
        String pwd = attribute(session, transport, "ice-pwd");
        if (ufrag == null || pwd == null || !IceCredentials.isCredential(ufrag) || !IceCredentials.isCredential(pwd)) {
            return unusable("no ICE credentials");
        }
        List<String> fingerprints = new ArrayList<>(transport.attributes("fingerprint"));
        if (fingerprints.isEmpty()) {
            fingerprints.addAll(session.attributes("fingerprint"));
        }
        if (fingerprints.isEmpty() || fingerprints.size() > FINGERPRINTS_MAX) {
            return unusable("no fingerprint, or too many");
        }
        if ("passive".equals(attribute(session, transport, "setup"))) {
            return unusable("the DTLS server is this side");
        }
        List<String> bundle = session.bundle();
        return new Outcome(
                new RemoteDescription(
                        session.media(),
                        bundle.isEmpty() ? null : bundle.get(0),
                        new IceCredentials(ufrag, pwd),
                        fingerprints),
                "");
    }

    private static @Nullable String checkMids(SessionDescription session) {
        // A client could choose MIDs with equal hash codes. A HashSet stays fast with such MIDs, but an unmodifiable
        // set does not.
        Set<String> bundle = new HashSet<>(session.bundle());
        Set<String> mids = new HashSet<>();
        int live = 0;
        int bundled = 0;
        for (MediaSection section : session.media()) {
            String mid = section.mid();
            if (mid == null || !isMid(mid) || !mids.add(mid)) {
                return "an m-line without a MID of its own";
            }
            if (!section.isRejected()) {
                live++;
                bundled += bundle.contains(mid) ? 1 : 0;
            }
        }
        return live > 1 && bundled != live ? "an m-line outside the BUNDLE group" : null;
    }

    /** Returns the first m-line that is not rejected. It describes the transport of all m-lines (RFC 9143 §7.2). */
    private static @Nullable MediaSection transportOf(SessionDescription session) {
        for (MediaSection section : session.media()) {
            if (!section.isRejected()) {
                return section;
            }
        }
        return null;
    }

    private static @Nullable String attribute(SessionDescription session, MediaSection section, String name) {
        String value = section.attribute(name);
        return value == null ? session.attribute(name) : value;
    }

    private static boolean isMid(String mid) {
        return !mid.isEmpty() && mid.length() <= MID_LENGTH_MAX && mid.indexOf(' ') < 0 && mid.indexOf('\t') < 0;
    }

    private static Outcome unusable(String reason) {
        return new Outcome(null, reason);
    }
}
