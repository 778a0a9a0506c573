package org.rotunda.media.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.Description;
import org.rotunda.media.sdp.MediaKind;
import org.rotunda.media.sdp.MediaSection;
import org.rotunda.media.sdp.SdpParser;
import org.rotunda.media.sdp.SdpResult;
import org.rotunda.media.sdp.SessionDescription;

/**
 * Makes offers and answers as the SDK in Chromium does. The client offers first. When two offers cross, the client
 * drops its own offer. This class follows only some of the SDK's rules; the tests of {@code media.sdp} check all rules.
 */
public final class PeerNegotiation<T extends PeerTrack> {
    // The first MID that the client gives to an m-line of its own. An m-line that the server adds keeps the server's
    // MID.
    private static final int FIRST_OWN_MID = 0;

    private final PeerOptions options;
    private final String fingerprint;
    private final String name;
    private final Consumer<Description> out;
    private final Consumer<SessionDescription> applied;
    private final List<PeerLine<T>> lines = new ArrayList<>();
    private final List<PeerLine<T>> unassociated = new ArrayList<>();
    private int mids = FIRST_OWN_MID;
    private int generation;
    private boolean restartWanted;
    private boolean needsOffer;
    private boolean wantsApplication;
    private int linesBeforeOffer;
    private boolean pending;
    private long revision;
    private @Nullable Description local;
    private long stableRevision;
    private @Nullable String serverUfrag;
    private @Nullable Description queued;

    /** @param applied receives each description of the router after the peer has applied it */
    public PeerNegotiation(
            PeerOptions options,
            String name,
            String fingerprint,
            Consumer<Description> out,
            Consumer<SessionDescription> applied) {
        this.options = options;
        this.name = name;
        this.fingerprint = fingerprint;
        this.out = out;
        this.applied = applied;
        unassociated.add(new PeerLine<>(MediaKind.AUDIO, false)); // The SDK always begins with one line of each kind.
        unassociated.add(new PeerLine<>(MediaKind.VIDEO, false));
    }

    public String localUfrag() {
        return name + generation;
    }

    /** Returns the lines in the order of the descriptions. The returned list changes with the negotiation. */
    public List<PeerLine<T>> lines() {
        return lines;
    }

    public boolean isSettled() {
        return !pending && !needsOffer && stableRevision > 0;
    }

    public void connect() {
        offer();
    }

    /** Returns the last description sent. A client sends it again when it resumes its session. */
    public @Nullable Description local() {
        return local;
    }

    private void send(Description description) {
        local = description;
        out.accept(description);
    }

    public void publish(T track) {
        idle(track.isVideo() ? MediaKind.VIDEO : MediaKind.AUDIO).track = track;
        negotiate();
    }

    public void unpublish(T track) {
        for (List<PeerLine<T>> list : List.of(lines, unassociated)) {
            for (PeerLine<T> line : list) {
                if (line.track == track) {
                    line.track = null;
                    line.sending = false;
                }
            }
        }
        negotiate();
    }

    /** Replaces a track by another track in one negotiation. */
    void replace(T old, T next) {
        for (PeerLine<T> line : lines) {
            if (line.track == old) {
                line.track = next;
            }
        }
        negotiate();
    }

    public void openData() {
        if (!wantsApplication) {
            wantsApplication = true;
            negotiate();
        }
    }

    public void restartIce() {
        restartWanted = true;
        negotiate();
    }

    public void negotiate() {
        needsOffer = true;
        offerIfNeeded();
    }

    private PeerLine<T> idle(MediaKind kind) {
        for (boolean byServer : new boolean[] {false, true}) {
            for (List<PeerLine<T>> list : List.of(lines, unassociated)) {
                for (PeerLine<T> line : list) {
                    if (line.kind == kind && line.track == null && !line.rejected && line.openedByServer == byServer) {
                        return line;
                    }
                }
            }
        }
        PeerLine<T> line = new PeerLine<>(kind, false);
        unassociated.add(line);
        return line;
    }

    private void offerIfNeeded() {
        if (needsOffer && !pending && stableRevision > 0) {
            offer();
        }
    }

    private void offer() {
        needsOffer = false;
        linesBeforeOffer = lines.size();
        for (PeerLine<T> line : unassociated) {
            line.mid = Integer.toString(mids++);
        }
        lines.addAll(unassociated);
        unassociated.clear();
        if (wantsApplication && lines.stream().noneMatch(line -> line.kind == MediaKind.APPLICATION)) {
            PeerLine<T> application = new PeerLine<>(MediaKind.APPLICATION, false);
            application.mid = Integer.toString(mids++);
            lines.add(application);
        }
        if (restartWanted) {
            restartWanted = false;
            generation++;
        }
        PeerSdp sdp = sdp("actpass");
        for (PeerLine<T> line : lines) {
            write(sdp, line, line.track != null ? "sendrecv" : "recvonly");
        }
        revision++;
        pending = true;
        send(new Description(Description.Type.OFFER, revision, sdp.toString()));
    }

    public void onDescription(Description description) {
        switch (description.type()) {
            case OFFER -> onOffer(description);
            case ANSWER -> onAnswer(description);
            case CREATE_OFFER -> {
                if (stableRevision == 0 && !pending) {
                    revision = description.revision();
                    offer();
                }
            }
            case CLOSE -> pending = false;
        }
    }

    private void onAnswer(Description answer) {
        if (!pending || answer.revision() != revision) {
            return;
        }
        SessionDescription session = parse(answer);
        for (int i = 0; i < session.media().size(); i++) {
            apply(lines.get(i), session.media().get(i));
        }
        pending = false;
        stableRevision = answer.revision();
        serverUfrag = session.media().get(0).attribute("ice-ufrag");
        applied.accept(session);
        Description next = queued;
        if (next != null) {
            queued = null;
            onOffer(next);
        }
        offerIfNeeded();
    }

    private void onOffer(Description offer) {
        if (offer.revision() <= stableRevision) {
            return;
        }
        if (pending && stableRevision == 0) {
            queued = offer;
            return;
        }
        if (pending) {
            rollBack();
        }
        revision = offer.revision();
        SessionDescription session = parse(offer);
        String ufrag = session.media().get(0).attribute("ice-ufrag");
        if (!Objects.equals(ufrag, serverUfrag)) {
            serverUfrag = ufrag;
            generation++;
        }
        List<String> directions = new ArrayList<>();
        for (int i = 0; i < session.media().size(); i++) {
            MediaSection section = session.media().get(i);
            if (i == lines.size()) {
                lines.add(associate(section));
            }
            PeerLine<T> line = lines.get(i);
            apply(line, section);
            boolean receives = section.direction().sends();
            directions.add(line.sending ? (receives ? "sendrecv" : "sendonly") : receives ? "recvonly" : "inactive");
            needsOffer |= line.track != null && !line.sending && !line.rejected;
        }
        PeerSdp sdp = sdp("active");
        for (int i = 0; i < lines.size(); i++) {
            write(sdp, lines.get(i), directions.get(i));
        }
        stableRevision = offer.revision();
        send(new Description(Description.Type.ANSWER, revision, sdp.toString()));
        applied.accept(session);
        offerIfNeeded();
    }

    private void rollBack() {
        pending = false;
        needsOffer = true;
        List<PeerLine<T>> added = lines.subList(linesBeforeOffer, lines.size());
        for (PeerLine<T> line : added) {
            line.mid = null;
            if (line.kind != MediaKind.APPLICATION) {
                unassociated.add(line);
            }
        }
        added.clear();
    }

    private PeerLine<T> associate(MediaSection section) {
        PeerLine<T> line = new PeerLine<>(section.kind(), true);
        if (section.direction().receives()) {
            for (PeerLine<T> waiting : unassociated) {
                if (waiting.kind == section.kind()) {
                    line = waiting;
                    break;
                }
            }
        }
        unassociated.remove(line);
        line.mid = section.mid();
        if (section.kind() == MediaKind.APPLICATION) {
            wantsApplication = true;
        }
        return line;
    }

    private static void apply(PeerLine<?> line, MediaSection section) {
        if (!Objects.equals(line.mid, section.mid()) || (section.isRejected() && line.kind != MediaKind.VIDEO)) {
            throw new IllegalStateException("not the m-line " + line.mid + ": " + section);
        }
        line.rejected = section.isRejected();
        if (line.kind == MediaKind.APPLICATION) {
            return;
        }
        line.sending = line.track != null && section.direction().receives();
        String msid = section.direction().sends() ? section.attribute("msid") : null;
        line.receivedTrackId = msid == null ? null : msid.substring(msid.indexOf(' ') + 1);
    }

    private PeerSdp sdp(String setup) {
        return new PeerSdp(
                options,
                lines.stream()
                        .filter(line -> !line.rejected)
                        .map(line -> Objects.requireNonNull(line.mid))
                        .toList(),
                localUfrag(),
                fingerprint,
                setup);
    }

    private static void write(PeerSdp sdp, PeerLine<?> line, String direction) {
        String mid = Objects.requireNonNull(line.mid);
        if (line.kind == MediaKind.APPLICATION) {
            sdp.application(mid);
        } else if (line.rejected) {
            sdp.rejectedVideo(mid);
        } else {
            sdp.rtp(line, mid, direction);
        }
    }

    private static SessionDescription parse(Description description) {
        if (SdpParser.parse(description.sdp()) instanceof SdpResult.Parsed parsed) {
            return parsed.description();
        }
        throw new IllegalStateException("the router wrote no SDP: " + description.sdp());
    }
}
