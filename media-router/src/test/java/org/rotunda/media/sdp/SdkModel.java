package org.rotunda.media.sdp;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.Description;

/**
 * A model of the negotiation of the {@code twilio-video} SDK, as it was measured in Chromium. It models revisions, the
 * rollback of an offer that crosses the server's offer, the queue before the first answer, and the re-use of
 * transceivers. Throws an {@link AssertionError} where the real SDK would fail silently.
 */
final class SdkModel {
    // The transceivers in m-line order. The application m-line has an entry too.
    private final List<SdkTransceiver> lines = new ArrayList<>();
    // No applied description contains these transceivers yet.
    private final List<SdkTransceiver> unassociated = new ArrayList<>();
    private final Consumer<Description> out;
    private int midCounter;
    private long ssrcCounter = 1_000;
    private int generations; // The number of ICE credentials made so far.
    private int stableGeneration;
    private int pendingGeneration;
    private boolean restartWanted;
    private @Nullable String serverUfrag;
    private int linesBeforeOffer; // The number of m-lines before the last offer. A rollback removes the later lines.

    private long stableRevision;
    private long revision;
    // The server's newest offer, if it came before the server's first answer.
    private @Nullable Description queued;
    private @Nullable Description pending; // The client's offer that has no answer yet.
    private @Nullable Description lastLocal;
    private boolean needsOffer;
    private boolean desiresApplication;

    SdkModel(Consumer<Description> out) {
        this.out = out;
        unassociated.add(new SdkTransceiver(MediaKind.AUDIO, false));
        unassociated.add(new SdkTransceiver(MediaKind.VIDEO, false));
    }

    void connect() {
        offer();
    }

    void publish(MediaKind kind, String trackId, boolean simulcast) {
        SdkTransceiver transceiver = idle(kind);
        transceiver.trackId = trackId;
        long ssrc = ssrcCounter += 10;
        transceiver.ssrcs = simulcast && kind == MediaKind.VIDEO ? List.of(ssrc + 4, ssrc, ssrc + 2) : List.of(ssrc);
        negotiate();
    }

    /**
     * Returns an idle transceiver. Prefers transceivers that the client opened, then those that the server opened;
     * otherwise makes a new transceiver.
     */
    private SdkTransceiver idle(MediaKind kind) {
        for (boolean openedByServer : new boolean[] {false, true}) {
            for (List<SdkTransceiver> list : List.of(lines, unassociated)) {
                for (SdkTransceiver transceiver : list) {
                    if (transceiver.kind == kind
                            && transceiver.trackId == null
                            && transceiver.openedByServer == openedByServer) {
                        return transceiver;
                    }
                }
            }
        }
        SdkTransceiver transceiver = new SdkTransceiver(kind, false);
        unassociated.add(transceiver);
        return transceiver;
    }

    void unpublish(String trackId) {
        for (List<SdkTransceiver> list : List.of(lines, unassociated)) {
            for (SdkTransceiver transceiver : list) {
                if (trackId.equals(transceiver.trackId)) {
                    transceiver.trackId = null;
                }
            }
        }
        negotiate();
    }

    void publishData() {
        desiresApplication = true;
        negotiate();
    }

    void restartIce() {
        restartWanted = true;
        negotiate();
    }

    private void negotiate() {
        needsOffer = true;
        offerIfNeeded();
    }

    private void offerIfNeeded() {
        if (needsOffer && pending == null && stableRevision > 0) {
            offer();
        }
    }

    private void offer() {
        needsOffer = false;
        linesBeforeOffer = lines.size();
        unassociated.forEach(transceiver -> transceiver.mid = Integer.toString(midCounter++));
        lines.addAll(unassociated);
        unassociated.clear();
        if (desiresApplication && lines.stream().noneMatch(line -> line.kind == MediaKind.APPLICATION)) {
            SdkTransceiver application = new SdkTransceiver(MediaKind.APPLICATION, false);
            application.mid = Integer.toString(midCounter++);
            lines.add(application);
        }
        pendingGeneration = restartWanted ? ++generations : stableGeneration;
        restartWanted = false;
        SdkSdp sdp = new SdkSdp(mids(), "u" + pendingGeneration, "actpass");
        for (SdkTransceiver line : lines) {
            write(sdp, line, line.direction());
        }
        revision++;
        Description offer = new Description(Description.Type.OFFER, revision, sdp.toString());
        pending = offer;
        emit(offer);
    }

    private void rollBack() {
        pending = null;
        needsOffer = true;
        restartWanted |= pendingGeneration != stableGeneration;
        List<SdkTransceiver> added = lines.subList(linesBeforeOffer, lines.size());
        for (SdkTransceiver transceiver : added) {
            transceiver.mid = null;
            if (transceiver.kind != MediaKind.APPLICATION) {
                unassociated.add(transceiver);
            }
        }
        added.clear();
    }

    void onDescription(Description description) {
        switch (description.type()) {
            case ANSWER -> onAnswer(description);
            case OFFER -> onOffer(description);
            case CREATE_OFFER -> {
                if (description.revision() > stableRevision && pending == null) {
                    revision = description.revision();
                    offer();
                }
            }
            case CLOSE -> throw new AssertionError("nothing was to be closed");
        }
    }

    private void onAnswer(Description answer) {
        if (pending == null || answer.revision() != revision) {
            return;
        }
        List<MediaSection> sections = sections(answer);
        if (sections.size() != lines.size()) {
            throw new AssertionError("an answer has the m-lines of the offer: " + sections.size());
        }
        for (int i = 0; i < sections.size(); i++) {
            apply(lines.get(i), sections.get(i));
            SdkTransceiver line = lines.get(i);
            if (line.trackId != null && !line.isSending && offersToSend(line)) {
                throw new AssertionError("the server does not accept media on mid " + line.mid);
            }
        }
        String ufrag = sections.get(0).attribute("ice-ufrag");
        if (pendingGeneration == stableGeneration && serverUfrag != null && !serverUfrag.equals(ufrag)) {
            throw new AssertionError("the server changed its ICE credentials without a restart");
        }
        serverUfrag = ufrag;
        stableGeneration = pendingGeneration;
        pending = null;
        stableRevision = answer.revision();
        Description next = queued;
        if (next != null) {
            queued = null;
            onOffer(next);
        }
        offerIfNeeded();
    }

    /**
     * Returns whether the client's last offer contains the transceiver's track. The track is missing if it was
     * published after that offer.
     */
    private boolean offersToSend(SdkTransceiver line) {
        Description offer = Objects.requireNonNull(lastLocal);
        return offer.sdp().contains("a=msid:- " + line.trackId + "\r\n");
    }

    private void onOffer(Description offer) {
        if (offer.revision() <= stableRevision) {
            return;
        }
        if (pending != null && stableRevision == 0) {
            queued = queued == null || queued.revision() < offer.revision() ? offer : queued;
            return;
        }
        if (pending != null) {
            rollBack();
        }
        revision = offer.revision();
        List<MediaSection> sections = sections(offer);
        if (sections.size() < lines.size()) {
            throw new AssertionError("an offer keeps every m-line");
        }
        List<Direction> directions = new ArrayList<>();
        for (int i = 0; i < sections.size(); i++) {
            MediaSection section = sections.get(i);
            if (i == lines.size()) {
                lines.add(associate(section));
            }
            SdkTransceiver line = lines.get(i);
            apply(line, section);
            directions.add(Direction.of(line.isSending, section.direction().sends()));
            needsOffer |= line.trackId != null && !line.isSending;
        }
        String ufrag = sections.get(0).attribute("ice-ufrag");
        if (!Objects.equals(serverUfrag, ufrag)) {
            serverUfrag = ufrag;
            stableGeneration = ++generations;
        }
        SdkSdp sdp = new SdkSdp(mids(), "u" + stableGeneration, "active");
        for (int i = 0; i < lines.size(); i++) {
            write(sdp, lines.get(i), directions.get(i));
        }
        stableRevision = offer.revision();
        emit(new Description(Description.Type.ANSWER, revision, sdp.toString()));
        offerIfNeeded();
    }

    /**
     * Returns the transceiver for an m-line that the server opens. If the server receives on it, a transceiver without
     * an m-line is used first (RFC 9429 §5.10).
     */
    private SdkTransceiver associate(MediaSection section) {
        if (section.direction().receives()) {
            for (SdkTransceiver transceiver : unassociated) {
                if (transceiver.kind == section.kind()) {
                    unassociated.remove(transceiver);
                    transceiver.mid = section.mid();
                    return transceiver;
                }
            }
        }
        SdkTransceiver transceiver = new SdkTransceiver(section.kind(), true);
        transceiver.mid = section.mid();
        return transceiver;
    }

    private static void apply(SdkTransceiver line, MediaSection section) {
        if (!Objects.equals(line.mid, section.mid()) || line.kind != section.kind() || section.isRejected()) {
            throw new AssertionError("not the m-line " + line.mid + ": " + section);
        }
        if (line.kind == MediaKind.APPLICATION) {
            return;
        }
        Direction direction = section.direction();
        line.isSending = line.trackId != null && direction.receives();
        String msid = section.attribute("msid");
        if (direction.sends() && msid == null) {
            return; // The server sends no track on this m-line yet.
        }
        String received = msid == null ? null : msid.substring(msid.indexOf(' ') + 1);
        if (line.receivedTrackId != null && received != null && !line.receivedTrackId.equals(received)) {
            throw new AssertionError("mid " + line.mid + " was re-used without an inactive step");
        }
        line.receivedTrackId = received;
    }

    private static void write(SdkSdp sdp, SdkTransceiver line, Direction direction) {
        String mid = Objects.requireNonNull(line.mid);
        if (line.kind == MediaKind.APPLICATION) {
            sdp.application(mid);
        } else {
            sdp.media(line, mid, direction);
        }
    }

    private List<String> mids() {
        return lines.stream().map(line -> Objects.requireNonNull(line.mid)).toList();
    }

    private static List<MediaSection> sections(Description description) {
        return Goldens.parse(description.sdp()).media();
    }

    private void emit(Description description) {
        lastLocal = description;
        out.accept(description);
    }

    @Nullable
    Description lastLocal() {
        return lastLocal;
    }

    @Nullable
    Description pending() {
        return pending;
    }

    boolean isSettled() {
        return pending == null && !needsOffer && queued == null && stableRevision > 0;
    }

    List<SdkTransceiver> lines() {
        return lines;
    }
}
