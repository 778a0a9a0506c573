package org.rotunda.media.transport;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.NegotiationState;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.TransportHandover;
import org.rotunda.media.control.VideoCodec;
import org.rotunda.media.dtls.DtlsFingerprint;
import org.rotunda.media.sctp.ChannelInfo;
import org.rotunda.media.sctp.ChannelParameters;
import org.rotunda.media.sdp.LocalParameters;
import org.rotunda.media.sdp.MediaKind;
import org.rotunda.media.sdp.MediaPlan;
import org.rotunda.media.sdp.Negotiation;
import org.rotunda.media.sdp.NegotiationFault;
import org.rotunda.media.sdp.NegotiationSink;
import org.rotunda.media.sdp.NegotiationTableCodec;
import org.rotunda.media.sdp.OutgoingTrack;
import org.rotunda.media.stun.IceCredentials;
import org.rotunda.media.time.Deadline;

/**
 * The offers and answers of one transport. Converts the types of {@code media.control} to those of {@link Negotiation}
 * and back. Owned by one event loop.
 *
 * <p>After a handover, we send our first offer only when the first desired state is known. An offer without the tracks
 * that the client is receiving would end those tracks.
 */
final class TransportNegotiation {
    /** Receives the results of the negotiation. */
    interface Listener {
        void plan(MediaPlan plan);

        /** Receives the kinds of media for which the client has no codec in common with the room, when they change. */
        void codecsMissing(Set<TrackKind> kinds);

        void localDescription(Description description);

        void refused(MediaEvent.Fault fault);

        void answerOverdue(long revision);
    }

    private final TransportEnvironment environment;
    private final LocalParameters local;
    private final Listener listener;
    private final Events events = new Events();
    private final @Nullable TransportHandover handover;
    private @Nullable Negotiation negotiation; // After a handover, null until the first desired state comes.
    private @Nullable Description takenOver; // Our first offer, kept while Negotiation.takeOver is running.
    private boolean application;
    private Set<TrackKind> missingCodecs = Set.of();

    TransportNegotiation(
            Set<VideoCodec> videoCodecs,
            @Nullable TransportHandover handover,
            TransportEnvironment environment,
            DtlsFingerprint fingerprint,
            IceCredentials credentials,
            Listener listener) {
        this.environment = environment;
        this.listener = listener;
        this.handover = handover;
        Set<Codec> codecs = new HashSet<>();
        videoCodecs.forEach(codec -> codecs.add(codec(codec)));
        this.local = new LocalParameters(
                credentials.ufrag(),
                credentials.pwd(),
                fingerprint.toString(),
                environment.candidates().get(),
                codecs);
        if (handover == null) {
            // The session id has 63 bits (RFC 9429 §5.2.1).
            negotiation =
                    new Negotiation(local, this::freshIce, environment.random().nextLong() >>> 1, events);
        } else {
            application = NegotiationTableCodec.decode(handover.negotiation().bytes()).lines().stream()
                    .anyMatch(line -> line.kind().equals("application") && !line.rejected());
        }
    }

    /** Returns the last description that we sent, or null if we have sent no description. */
    @Nullable
    Description lastLocal() {
        return negotiation == null ? null : negotiation.lastLocal();
    }

    /** Returns whether we wait for the client's answer to an offer. */
    boolean awaitsAnswer() {
        return negotiation != null && negotiation.isOffering();
    }

    void requestOffer() {
        if (negotiation != null) {
            negotiation.requestOffer();
        }
    }

    void close() {
        if (negotiation != null) {
            negotiation.close();
        }
    }

    void setDesired(List<OutgoingTrack> tracks, boolean data, long nowNanos) {
        boolean withApplication = data || application; // An m-line for data is never removed.
        Negotiation current = negotiation;
        if (current != null) {
            current.setDesired(tracks, withApplication, nowNanos);
        } else if (handover != null) {
            negotiation = Negotiation.takeOver(
                    NegotiationTableCodec.decode(handover.negotiation().bytes()),
                    local,
                    this::freshIce,
                    tracks,
                    withApplication,
                    events,
                    nowNanos);
            findMissingCodecs();
            Description offer = takenOver;
            if (offer != null) {
                takenOver = null;
                listener.localDescription(offer);
            }
        }
    }

    /**
     * Takes a description from the client. After a handover, descriptions that come before our first offer are meant
     * for the previous node, and are ignored.
     */
    void onRemoteDescription(Description description, long nowNanos) {
        if (negotiation != null) {
            negotiation.onRemoteDescription(description, nowNanos);
        }
    }

    /** Stores the SSRCs of an encoding that is announced by MID. The SSRCs come from its packets. */
    void bind(String mid, MediaPlan.Encoding encoding) {
        if (negotiation != null) {
            negotiation.bind(mid, encoding);
        }
    }

    void onTimeout(long nowNanos) {
        if (negotiation != null) {
            negotiation.onTimeout(nowNanos);
        }
    }

    long nextDeadlineNanos() {
        return negotiation == null ? Deadline.NO_DEADLINE : negotiation.nextDeadlineNanos();
    }

    /** Returns whether the client has an m-line for data channels. */
    boolean hasApplication() {
        return application;
    }

    /** Returns the open data channels that the previous node handed over. */
    List<ChannelInfo> adoptedChannels() {
        return handover == null
                ? List.of()
                : handover.channels().stream()
                        .map(channel -> new ChannelInfo(
                                channel.streamId(),
                                channel.label(),
                                new ChannelParameters(
                                        channel.ordered(),
                                        channel.maxRetransmits(),
                                        channel.maxPacketLifeTimeMs(),
                                        channel.protocol()),
                                channel.openedByClient(),
                                channel.acknowledged()))
                        .toList();
    }

    /** Returns the state that another node needs to continue this connection, or null if there is no such state yet. */
    @Nullable
    TransportHandover handover(List<ChannelInfo> channels) {
        Negotiation current = negotiation;
        if (current == null) {
            return handover;
        }
        return new TransportHandover(
                new NegotiationState(NegotiationTableCodec.encode(current.snapshot())),
                channels.stream()
                        .map(channel -> new TransportHandover.Channel(
                                channel.streamId(),
                                channel.label(),
                                channel.parameters().protocol(),
                                channel.parameters().ordered(),
                                channel.parameters().maxRetransmits(),
                                channel.parameters().maxPacketLifeTimeMs(),
                                channel.openedByPeer(),
                                channel.acknowledged()))
                        .toList());
    }

    /** Returns the kinds of media for which the client has no codec in common with the room. */
    Set<TrackKind> missingCodecs() {
        return missingCodecs;
    }

    private void findMissingCodecs() {
        Negotiation current = negotiation;
        Set<TrackKind> kinds = EnumSet.noneOf(TrackKind.class);
        if (current != null) {
            for (MediaKind kind : current.kindsWithoutCodec()) {
                kinds.add(kind == MediaKind.AUDIO ? TrackKind.AUDIO : TrackKind.VIDEO);
            }
        }
        if (!kinds.equals(missingCodecs)) {
            missingCodecs = Set.copyOf(kinds);
            listener.codecsMissing(missingCodecs);
        }
    }

    private IceCredentials freshIce() {
        return IceCredentials.generate(environment.random());
    }

    private static Codec codec(VideoCodec codec) {
        return switch (codec) {
            case VP8 -> Codec.VP8;
            case H264 -> Codec.H264;
        };
    }

    private final class Events implements NegotiationSink {
        @Override
        public void localDescription(Description description) {
            if (negotiation == null) {
                takenOver = description; // The listener is told later, because the negotiation field is not set yet.
            } else {
                listener.localDescription(description);
            }
        }

        @Override
        public void plan(MediaPlan plan) {
            application |= plan.application() != null;
            listener.plan(plan);
            findMissingCodecs();
        }

        @Override
        public void refused(NegotiationFault fault, long revision, String detail) {
            listener.refused(
                    switch (fault) {
                        case UNUSABLE_DESCRIPTION -> MediaEvent.Fault.REMOTE_DESCRIPTION;
                        case NO_SUPPORTED_CODEC -> MediaEvent.Fault.NO_SUPPORTED_CODEC;
                    });
        }

        @Override
        public void answerOverdue(long revision) {
            listener.answerOverdue(revision);
        }
    }
}
