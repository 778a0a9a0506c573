package org.rotunda.media.sdp;

import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.Description;
import org.rotunda.media.stun.IceCredentials;
import org.rotunda.media.time.Deadline;

/**
 * Negotiates one peer connection with one client by offers and answers (RFC 3264, RFC 9429). Revisions are counted as
 * the {@code twilio-video} SDK counts them. This class alone owns the revision, the offer in flight, the state of glare
 * and the m-line table.
 *
 * <p>The client makes the first offer. Later the client makes an offer to publish tracks, and we make an offer to send
 * tracks to the client. If two offers cross, we never yield: the client rolls its offer back, answers ours and offers
 * again. Our next offer always carries the latest desired state.
 *
 * <p>The class does no I/O and is owned by one event loop. The results of each call go to the {@link NegotiationSink}
 * during the call.
 */
public final class Negotiation {
    /** The time in which the client must answer. The SDK sends nothing if it cannot apply an offer. */
    public static final long ANSWER_WAIT_NANOS = 10_000_000_000L;

    /**
     * The longest delay of our next offer, after two offers have crossed and the client has answered ours. In this time
     * the client repeats its own offer. Without the delay, a client could not publish in a room where tracks change all
     * the time.
     */
    static final long CLIENT_TURN_NANOS = 1_000_000_000L;

    private final Supplier<IceCredentials> freshIce;
    private final NegotiationSink sink;
    private final MLineTable table = new MLineTable();
    private final CodecTable codecs = new CodecTable();
    private final DescriptionBuilder builder;
    private final Map<NegotiationDrop, Long> drops = new EnumMap<>(NegotiationDrop.class);

    private LocalParameters local;
    private @Nullable LocalParameters nextLocal; // The parameters for our next ICE restart; null if none is due.
    private DesiredMedia desired = DesiredMedia.NOTHING;
    private long revision; // The highest revision of all sent and accepted descriptions.
    private boolean established;
    private boolean closed;
    private boolean offerForced; // True if an offer is due even if the table has not changed.
    private boolean moved; // True until our first offer after a move from another node.
    private @Nullable Description offered; // Our unanswered offer.
    private boolean offeredRestart; // True if our offer restarts ICE. The answer then restarts ICE too.
    private @Nullable Description answered; // Our answer to the client's last offer.
    private @Nullable Description lastLocal;
    private @Nullable Description lastRemote;
    private @Nullable IceCredentials remoteIce;
    private List<String> remoteFingerprints = List.of();
    private boolean clientOwed; // True if the client will offer again, because its offer crossed ours.
    private long answerDeadlineNanos = NO_DEADLINE;
    private long clientTurnDeadlineNanos = NO_DEADLINE;

    /**
     * Creates the negotiation of a new connection. It waits for the client's first offer.
     *
     * @param freshIce gives new credentials for the answer to an ICE restart of the client (RFC 8839 §4.4.1)
     * @param sessionId the random session id in our origin lines (RFC 8866 §5.2)
     */
    public Negotiation(LocalParameters local, Supplier<IceCredentials> freshIce, long sessionId, NegotiationSink sink) {
        this.local = local;
        this.freshIce = freshIce;
        this.sink = sink;
        this.builder = new DescriptionBuilder(sessionId, 0);
    }

    private Negotiation(
            NegotiationTable from, LocalParameters local, Supplier<IceCredentials> freshIce, NegotiationSink sink) {
        this.local = local;
        this.freshIce = freshIce;
        this.sink = sink;
        this.builder = new DescriptionBuilder(from.sessionId(), from.sessionVersion());
        NegotiationTables.restore(from, table, codecs);
        this.revision = from.revision();
        this.established = from.established();
        this.remoteFingerprints = from.remoteFingerprints();
        String ufrag = from.remoteUfrag();
        String pwd = from.remotePwd();
        this.remoteIce = ufrag == null || pwd == null ? null : new IceCredentials(ufrag, pwd);
        String answer = from.answer();
        if (answer != null) {
            answered = new Description(Description.Type.ANSWER, from.answeredRevision(), answer);
        }
    }

    /**
     * Continues the negotiation of a live connection from another node, and sends an offer at once. The offer has the
     * same m-lines and MIDs as before, with the ICE and DTLS parameters of this node.
     *
     * @param local this node's new ICE credentials, its certificate and its candidates
     * @param tracks our tracks with new SSRCs; packets of this node on the old SSRCs would freeze the client's video
     */
    public static Negotiation takeOver(
            NegotiationTable from,
            LocalParameters local,
            Supplier<IceCredentials> freshIce,
            List<OutgoingTrack> tracks,
            boolean application,
            NegotiationSink sink,
            long nowNanos) {
        Negotiation negotiation = new Negotiation(from, local, freshIce, sink);
        negotiation.offerForced = from.established();
        negotiation.moved = from.established();
        negotiation.setDesired(tracks, application, nowNanos);
        return negotiation;
    }

    /** Asks the client for the first offer of a connection that this side starts. The client's offer has revision 2. */
    public void requestOffer() {
        revision = Math.max(revision, 1);
        emit(new Description(Description.Type.CREATE_OFFER, revision, ""));
    }

    /** Ends the connection and tells the client. The client sends no answer. */
    public void close() {
        if (closed) {
            return;
        }
        end();
        emit(new Description(Description.Type.CLOSE, ++revision, ""));
    }

    /**
     * Replaces the set of media that this side should send. Tracks that are not listed are removed. If two tracks have
     * the same id, only the first is used.
     */
    public void setDesired(List<OutgoingTrack> tracks, boolean application, long nowNanos) {
        for (OutgoingTrack track : tracks) {
            if (!track.kind().isRtp()) {
                throw new IllegalArgumentException("a track is audio or video: " + track.kind());
            }
        }
        desired = DesiredMedia.of(tracks, application);
        offerIfNeeded(nowNanos);
    }

    /**
     * Restarts ICE with these parameters in our next offer. The offer is sent now, or as soon as an offer is possible.
     */
    public void restartIce(LocalParameters fresh, long nowNanos) {
        nextLocal = fresh;
        offerForced = true;
        offerIfNeeded(nowNanos);
    }

    /** Handles a description of the client. The client may repeat a description after it has resumed its signaling. */
    public void onRemoteDescription(Description description, long nowNanos) {
        if (closed) {
            drop(NegotiationDrop.UNEXPECTED);
            return;
        }
        switch (description.type()) {
            case OFFER -> onOffer(description, nowNanos);
            case ANSWER -> onAnswer(description, nowNanos);
            case CLOSE -> end();
            case CREATE_OFFER -> drop(NegotiationDrop.UNEXPECTED);
        }
    }

    /**
     * Stores the SSRCs that packets have given to an encoding announced by MID. Later plans, and the state for another
     * node, then contain the SSRCs. This is necessary because a client may send the MID only with its first packets.
     */
    public void bind(String mid, MediaPlan.Encoding encoding) {
        table.bind(mid, encoding);
    }

    public void onTimeout(long nowNanos) {
        Description offer = offered;
        if (offer != null && nowNanos >= answerDeadlineNanos) {
            answerDeadlineNanos = NO_DEADLINE;
            sink.answerOverdue(offer.revision());
        }
        if (nowNanos >= clientTurnDeadlineNanos) {
            clientTurnDeadlineNanos = NO_DEADLINE;
            offerIfNeeded(nowNanos);
        }
    }

    public long nextDeadlineNanos() {
        return Deadline.min(answerDeadlineNanos, clientTurnDeadlineNanos);
    }

    private void onOffer(Description offer, long nowNanos) {
        Description answer = answered;
        if (answer != null && answer.revision() == offer.revision()) {
            sink.localDescription(answer); // The client repeats an answered offer, so our answer was lost.
            return;
        }
        Description ours = offered;
        if (offer.revision() <= revision) {
            drop(ours == null ? NegotiationDrop.STALE_OFFER : NegotiationDrop.GLARE);
            clientOwed |= ours != null;
            return;
        }
        RemoteDescription.Outcome outcome = RemoteDescription.read(offer.sdp());
        RemoteDescription remote = outcome.description();
        String fault = remote == null ? outcome.reason() : checkOffer(remote.media());
        if (remote == null || fault != null) {
            sink.refused(NegotiationFault.UNUSABLE_DESCRIPTION, offer.revision(), Objects.requireNonNull(fault));
            return;
        }
        if (!hasCommonCodec(remote.media())) {
            sink.refused(NegotiationFault.NO_SUPPORTED_CODEC, offer.revision(), "no codec of ours in any m-line");
            return;
        }
        if (ours != null) {
            // The higher revision shows that the client has answered our offer. The answer was lost.
            completeOurs();
        }
        accept(offer, remote, ours != null, nowNanos);
    }

    private void accept(Description offer, RemoteDescription remote, boolean answersOurs, long nowNanos) {
        revision = offer.revision();
        lastRemote = offer;
        clientOwed = false;
        clientTurnDeadlineNanos = NO_DEADLINE;
        takeLines(remote);
        boolean restart = takeTransport(remote);
        if (restart && !(answersOurs && offeredRestart)) {
            LocalParameters next = nextLocal;
            local = next != null ? next : local.withIce(freshIce.get());
            // If our own ICE restart was due, this answer performs it, so no offer is needed.
            offerForced &= next == null;
            nextLocal = null;
        }
        if (!established) {
            table.placeInFirstAnswer(desired);
            established = true;
        }
        Description answer =
                new Description(Description.Type.ANSWER, revision, builder.answer(table, remote.media(), local));
        answered = answer;
        sink.plan(plan(restart));
        emit(answer);
        offerIfNeeded(nowNanos);
    }

    private void onAnswer(Description answer, long nowNanos) {
        Description ours = offered;
        if (ours == null || answer.revision() != ours.revision()) {
            drop(NegotiationDrop.STALE_ANSWER);
            return;
        }
        RemoteDescription.Outcome outcome = RemoteDescription.read(answer.sdp());
        RemoteDescription remote = outcome.description();
        String fault = remote == null ? outcome.reason() : checkAnswer(remote.media());
        if (remote == null || fault != null) {
            sink.refused(NegotiationFault.UNUSABLE_DESCRIPTION, answer.revision(), Objects.requireNonNull(fault));
            return;
        }
        lastRemote = answer;
        completeOurs();
        takeLines(remote);
        boolean restart = takeTransport(remote);
        sink.plan(plan(restart));
        if (clientOwed) {
            clientOwed = false;
            clientTurnDeadlineNanos = nowNanos + CLIENT_TURN_NANOS;
        }
        offerIfNeeded(nowNanos);
    }

    private void offerIfNeeded(long nowNanos) {
        if (closed || !established || offered != null || clientTurnDeadlineNanos != NO_DEADLINE) {
            return;
        }
        boolean changed = table.place(desired, codecs);
        if (!changed && !offerForced) {
            return;
        }
        offerForced = false;
        LocalParameters next = nextLocal;
        if (next != null) {
            local = next;
            nextLocal = null;
        }
        offeredRestart = moved || next != null;
        moved = false;
        revision++;
        Description offer = new Description(Description.Type.OFFER, revision, builder.offer(table, codecs, local));
        offered = offer;
        answerDeadlineNanos = nowNanos + ANSWER_WAIT_NANOS;
        emit(offer);
    }

    private void completeOurs() {
        offered = null;
        answerDeadlineNanos = NO_DEADLINE;
        table.onOfferAccepted();
    }

    /**
     * Returns why the m-lines of an offer are wrong, or null if they are right. An offer must repeat the existing lines
     * in their order and may add lines. A rejected line may be used again with a new MID.
     */
    private @Nullable String checkOffer(List<MediaSection> media) {
        List<MLine> lines = table.lines();
        if (media.size() < lines.size()) {
            return "fewer m-lines than before";
        }
        for (int i = 0; i < lines.size(); i++) {
            MLine line = lines.get(i);
            boolean same = line.mid.equals(media.get(i).mid());
            if (!line.rejected && (!same || line.kind != media.get(i).kind())) {
                return "m-line " + i + " is not the one it was";
            }
        }
        return null;
    }

    private @Nullable String checkAnswer(List<MediaSection> media) {
        String fault = checkOffer(media);
        return fault == null && media.size() > table.lines().size() ? "more m-lines than offered" : fault;
    }

    private boolean hasCommonCodec(List<MediaSection> media) {
        boolean hasRtp = false;
        for (MediaSection section : media) {
            if (section.kind().isRtp() && !section.isRejected()) {
                hasRtp = true;
                if (!RemotePayloads.read(section, local).isEmpty()) {
                    return true;
                }
            }
        }
        return !hasRtp;
    }

    private void takeLines(RemoteDescription remote) {
        List<MediaSection> media = remote.media();
        List<MLine> lines = table.lines();
        for (int i = 0; i < media.size(); i++) {
            MediaSection section = media.get(i);
            String mid = Objects.requireNonNull(section.mid());
            if (i == lines.size()) {
                lines.add(new MLine(mid, section.kind()));
            } else if (lines.get(i).rejected && !lines.get(i).mid.equals(mid)) {
                // The client uses a rejected line again (RFC 9429 §5.2.2).
                lines.set(i, new MLine(mid, section.kind()));
            }
            MLine line = lines.get(i);
            if (!line.rejected) {
                table.onRemote(line, section, local, mid.equals(remote.bundleTag()));
            }
        }
        // An answer may also bring the first codec of a kind, on a line that had no common codec until now.
        for (MLine line : lines) {
            codecs.adopt(line.kind, line.remote);
        }
    }

    /** Stores the client's ICE credentials and fingerprints. Returns whether the client restarted ICE. */
    private boolean takeTransport(RemoteDescription remote) {
        boolean restart = remoteIce != null && !remoteIce.equals(remote.ice());
        remoteIce = remote.ice();
        remoteFingerprints = remote.fingerprints();
        return restart;
    }

    private MediaPlan plan(boolean iceRestart) {
        return MediaPlans.of(
                revision, table, local.ice(), Objects.requireNonNull(remoteIce), remoteFingerprints, iceRestart);
    }

    private void emit(Description description) {
        lastLocal = description;
        sink.localDescription(description);
    }

    private void end() {
        closed = true;
        offered = null;
        answerDeadlineNanos = NO_DEADLINE;
        clientTurnDeadlineNanos = NO_DEADLINE;
    }

    private void drop(NegotiationDrop reason) {
        drops.merge(reason, 1L, Long::sum);
    }

    /** Returns the number of the client's descriptions that were dropped for that reason. */
    public long drops(NegotiationDrop reason) {
        return drops.getOrDefault(reason, 0L);
    }

    /** Returns the last description that we sent, or null if we have sent no description. */
    public @Nullable Description lastLocal() {
        return lastLocal;
    }

    /** Returns the client's last description that had an effect, or null if there was no such description. */
    public @Nullable Description lastRemote() {
        return lastRemote;
    }

    public boolean isClosed() {
        return closed;
    }

    /** Returns whether an offer of ours waits for its answer. */
    public boolean isOffering() {
        return offered != null;
    }

    /**
     * Returns the ids of desired tracks that are on no m-line. Such a track waits for our next offer, or the connection
     * is full, or the client rejected the track's line.
     */
    public List<String> unplacedTracks() {
        return table.unplaced(desired);
    }

    /**
     * Returns the kinds of media for which the client has an m-line but no codec in common with the room. We neither
     * send nor receive tracks of such a kind.
     */
    public Set<MediaKind> kindsWithoutCodec() {
        return table.kindsWithoutCodec(codecs);
    }

    /**
     * Returns the state that another node needs to continue this negotiation. The state changes with every description
     * that we send.
     */
    public NegotiationTable snapshot() {
        Description answer = answered;
        IceCredentials ice = remoteIce;
        return new NegotiationTable(
                builder.sessionId(),
                builder.version(),
                revision,
                established,
                ice == null ? null : ice.ufrag(),
                ice == null ? null : ice.pwd(),
                remoteFingerprints,
                answer == null ? 0 : answer.revision(),
                answer == null ? null : answer.sdp(),
                NegotiationTables.payloads(codecs.payloads()),
                NegotiationTables.extensions(codecs),
                NegotiationTables.lines(table));
    }
}
