package org.rotunda.media.router;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.MediaListener;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.TransportId;
import org.rotunda.media.sctp.ChannelParameters;
import org.rotunda.media.transport.ReceivedTrack;
import org.rotunda.media.transport.SentTrack;
import org.rotunda.media.transport.TrackSource;
import org.rotunda.media.transport.Transport;

/**
 * One room on this loop: the desired states of its transports, and the resulting links between publications and
 * subscriptions.
 *
 * <p>Desired states and streams arrive in any order. A subscription may come before its publication, and a publication
 * before the client's media. A change therefore only marks the links as stale, and {@link #relinkIfNeeded} rebuilds all
 * links.
 */
final class RouterRoom {
    /** The part of a publisher's limit for each track of audio: Opus in stereo with its overhead. */
    static final long UPSTREAM_AUDIO_BPS = 64_000;

    private final TransportFaults faults;
    private final Departures departures;
    private final MediaListener listener;
    private final Map<TransportId, Member> members = new LinkedHashMap<>();
    private final Map<String, Publication> publications = new HashMap<>();
    private final RoomReporter reporter;
    private final RoomRelays relays;
    private boolean linksStale;

    RouterRoom(
            HostedRoom hosted,
            TransportFaults faults,
            Departures departures,
            MediaListener listener,
            Function<RouterRoom, RoomRelays> relays) {
        this.reporter = new RoomReporter(hosted.sid(), listener);
        this.relays = relays.apply(this);
        this.faults = faults;
        this.departures = departures;
        this.listener = listener;
    }

    /** Returns what the room has to do with other loops. */
    RoomRelays relays() {
        return relays;
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    void add(Transport transport, HostedTransport hosted) {
        members.put(transport.id(), new Member(transport, hosted, relays.shares()));
    }

    /** Returns the place of a transport in the table that all loops share. */
    HostedTransport hosted(Transport transport) {
        Member member = members.get(transport.id());
        if (member == null) {
            throw new IllegalStateException("not in this room: " + transport.id());
        }
        return member.hosted;
    }

    @Nullable
    Transport transport(TransportId id) {
        Member member = members.get(id);
        return member == null ? null : member.transport;
    }

    Collection<Member> members() {
        return members.values();
    }

    /** Removes a transport. The next call of {@link #relinkIfNeeded} removes its links. */
    void remove(TransportId id) {
        linksStale |= members.remove(id) != null;
    }

    /** Stores a desired state. Returns false if its transport is unknown or has the same or a newer state already. */
    boolean apply(DesiredTransport desired, long nowNanos) {
        Member member = members.get(desired.transport());
        if (member == null || !member.isNewer(desired)) {
            return false;
        }
        member.desired = desired;
        List<DesiredTransport.Subscription> media = new ArrayList<>();
        boolean data = !desired.channels().isEmpty();
        for (DesiredTransport.Subscription subscription : desired.subscriptions()) {
            if (subscription.kind() == TrackKind.DATA) {
                data = true;
            } else {
                media.add(subscription);
            }
        }
        member.transport.setDesiredMedia(media, data, desired.downlink(), nowNanos);
        member.transport.setUpstreamLimit(upstreamLimitBps(desired.publications()), nowNanos);
        linksStale = true;
        return true;
    }

    /**
     * Returns the highest bit rate that a publisher should send in total, or 0 if a track of video has no limit. A
     * limit covers a whole transport, so it cannot limit one of several tracks.
     */
    static long upstreamLimitBps(List<DesiredTransport.Publication> publications) {
        long sumBps = 0;
        boolean hasVideo = false;
        for (DesiredTransport.Publication publication : publications) {
            if (publication.kind() == TrackKind.VIDEO) {
                if (publication.maxBps() == 0) {
                    return 0;
                }
                hasVideo = true;
                sumBps += publication.maxBps();
            } else if (publication.kind() == TrackKind.AUDIO) {
                sumBps += UPSTREAM_AUDIO_BPS;
            }
        }
        return hasVideo ? sumBps : 0;
    }

    /** Marks the links as stale, because a stream or a data channel of a transport came or went. */
    void onStreamsChanged() {
        linksStale = true;
    }

    /**
     * Passes a message on a client's data channel to the subscribers of the data track. The payload is borrowed for the
     * call.
     *
     * @return false if the channel is not published yet
     */
    boolean onMessage(Transport publisher, String clientTrackId, ByteBuf payload, boolean binary, long nowNanos) {
        relinkIfNeeded(nowNanos);
        Publication publication = published(publisher, clientTrackId);
        if (publication == null || publication.kind() != TrackKind.DATA) {
            return false;
        }
        publication.onMessage(payload, binary, nowNanos);
        return true;
    }

    // --- other loops ----------------------------------------------------------------------------------------------

    /** Begins, changes or ends the relay of a track to another loop. */
    void onWish(RelayMessage.Wish wish) {
        Publication publication = published(wish.trackSid(), wish.publication());
        if (publication != null) {
            part(publication.publisher(), () -> publication.onWish(wish));
        }
    }

    void onKeyFrameNeeded(RelayMessage.KeyFrameNeeded needed, long nowNanos) {
        Publication publication = published(needed.trackSid(), needed.publication());
        if (publication != null) {
            part(publication.publisher(), () -> publication.onKeyFrameNeeded(needed.encoding(), nowNanos));
        }
    }

    void onPacketMissing(RelayMessage.PacketMissing missing, long nowNanos) {
        Publication publication = published(missing.trackSid(), missing.publication());
        if (publication != null) {
            part(publication.publisher(), () -> publication.onPacketMissing(missing, nowNanos));
        }
    }

    /** Takes a message of a data track whose publisher is on another loop. The payload is borrowed for the call. */
    void onDataMessage(RelayMessage.DataMessage message, ByteBuf payload, boolean binary, long nowNanos) {
        linksStale |= relays.isDirectoryNewer();
        relinkIfNeeded(nowNanos);
        relays.onDataMessage(message, payload, binary, nowNanos);
    }

    /** Repeats what other loops have not got, and looks for changes that were not told. Returns whether there are any. */
    boolean onRelayTimeout(long nowNanos) {
        if (relays.isAlone()) {
            return false;
        }
        for (Publication publication : publications.values()) {
            if (publication.hasRelays()) {
                part(publication.publisher(), () -> publication.onRelayTimeout(nowNanos));
            }
        }
        relays.onTimeout(nowNanos);
        linksStale |= relays.isDirectoryNewer();
        return linksStale;
    }

    private @Nullable Publication published(String trackSid, long number) {
        Publication publication = publications.get(trackSid);
        return publication != null && publication.number() == number ? publication : null;
    }

    /** Returns the SID under which the track of this transport is published, or null if it is not published. */
    @Nullable
    String trackSid(Transport publisher, String clientTrackId) {
        Publication publication = published(publisher, clientTrackId);
        return publication == null ? null : publication.trackSid();
    }

    /** Calls the consumer for each track that a transport publishes and its client sends. */
    void forEachPublished(TransportId publisher, BiConsumer<String, ReceivedTrack> consumer) {
        Member member = members.get(publisher);
        if (member != null) {
            member.published.values().forEach(publication -> {
                ReceivedTrack source = publication.source();
                if (source != null) {
                    consumer.accept(publication.trackSid(), source);
                }
            });
        }
    }

    private @Nullable Publication published(Transport publisher, String clientTrackId) {
        Member member = members.get(publisher.id());
        return member == null ? null : member.published.get(clientTrackId);
    }

    void relinkIfNeeded(long nowNanos) {
        if (!linksStale) {
            return;
        }
        linksStale = false;
        departures.forward(); // Packets go to those who were linked when they came.
        relays.beginLinks();
        updatePublications();
        publications.values().forEach(publication -> part(publication.publisher(), publication::bind));
        relays.announce(publications.values());
        for (Member member : members.values()) {
            DesiredTransport desired = member.desired;
            if (desired != null) {
                part(member.transport, () -> link(member, desired, nowNanos));
            }
        }
        publications.values().forEach(publication -> part(publication.publisher(), () -> publication.linked(nowNanos)));
        relays.putLinksIntoForce(nowNanos);
    }

    /** Does one transport's part of the linking. If the part fails, only that transport is closed. */
    private void part(Transport transport, Runnable part) {
        try {
            part.run();
        } catch (RuntimeException fault) {
            faults.onFault(transport, RouterFault.LINK, fault);
        }
    }

    /**
     * Makes the publications match the desired states. While a participant moves to another connection, both
     * connections may list a track. The newest connection then carries the track. If this connection ends, the older
     * connection carries the track again.
     */
    private void updatePublications() {
        Map<String, Member> carriers = new HashMap<>();
        Map<String, DesiredTransport.Publication> desiredPublications = new HashMap<>();
        for (Member member : members.values()) {
            member.published.clear();
            DesiredTransport desired = member.desired;
            if (desired != null) {
                for (DesiredTransport.Publication desiredPublication : desired.publications()) {
                    if (!relays.isCarriedElsewhere(desiredPublication.trackSid(), member.hosted.order())) {
                        carriers.put(desiredPublication.trackSid(), member);
                        desiredPublications.put(desiredPublication.trackSid(), desiredPublication);
                    }
                }
            }
        }
        publications.values().removeIf(publication -> {
            Member carrier = carriers.get(publication.trackSid());
            DesiredTransport.Publication desiredPublication = desiredPublications.get(publication.trackSid());
            boolean isGone = carrier == null
                    || desiredPublication == null
                    || !publication.isOf(carrier.transport, desiredPublication);
            if (isGone) {
                part(publication.publisher(), publication::close);
            }
            return isGone;
        });
        carriers.forEach((sid, member) -> {
            DesiredTransport.Publication desiredPublication = desiredPublications.get(sid);
            if (desiredPublication != null) {
                Publication publication = publications.computeIfAbsent(
                        sid,
                        key -> new Publication(
                                faults,
                                departures,
                                relays,
                                member.shares,
                                member.transport,
                                desiredPublication.clientTrackId(),
                                new RoomDirectory.Entry(
                                        key,
                                        member.hosted.loop(),
                                        member.transport.id(),
                                        member.hosted.order(),
                                        member.hosted.room().nextNumber(),
                                        desiredPublication.kind(),
                                        null)));
                member.published.put(desiredPublication.clientTrackId(), publication);
            }
        });
    }

    /** Reports the measurements that are due. */
    void report(long nowNanos) {
        reporter.report(members.values(), publications.values(), nowNanos);
    }

    /** Reports at once that the estimate of a transport has collapsed. */
    void reportCollapse(Transport transport, long nowNanos) {
        reporter.reportCollapse(transport, nowNanos);
    }

    int publicationCount() {
        return publications.size();
    }

    int subscriptionCount() {
        int count = 0;
        for (Publication publication : publications.values()) {
            count += publication.subscriberCount();
        }
        return count + relays.subscriptionCount();
    }

    private void link(Member member, DesiredTransport desired, long nowNanos) {
        Transport transport = member.transport;
        Set<String> withoutCodec = new HashSet<>();
        Map<String, ChannelParameters> dataTracks = new HashMap<>();
        Set<String> silent = new HashSet<>();
        for (DesiredTransport.Subscription subscription : desired.subscriptions()) {
            Fanout publication = relays.find(subscription.trackSid(), publications.get(subscription.trackSid()));
            if (subscription.kind() == TrackKind.DATA) {
                ChannelParameters parameters = publication == null ? null : publication.channel();
                if (publication != null && parameters != null) {
                    dataTracks.put(subscription.id(), parameters);
                    publication.link(transport, subscription.id());
                } else if (publication == null) {
                    // There is no publication. The publisher may be moving, so the subscriber's channel is kept. If a
                    // publication exists without a channel, the publisher has closed its channel, so the subscriber's
                    // channel is closed too.
                    silent.add(subscription.id());
                }
                continue;
            }
            SentTrack sent = transport.sent(subscription.id());
            if (sent == null) {
                // The subscription is not negotiated yet. When it is, the transport calls streamsChanged.
                continue;
            }
            TrackSource source = publication == null ? null : publication.source();
            if (publication instanceof RelayedPublication relayed) {
                relayed.want(subscription.layers(), subscription.paused());
            }
            if (publication == null || source == null) {
                sent.detach();
            } else if (!sent.canCarry(source)) {
                // A subscription without packets must not ask the publisher for key frames.
                sent.detachForCodec();
                withoutCodec.add(subscription.trackSid());
            } else {
                sent.attach(source, nowNanos);
                sent.setDesired(subscription.layers(), subscription.paused(), nowNanos);
                publication.link(transport, sent);
            }
        }
        Set<String> labels = new HashSet<>();
        desired.channels().forEach(channel -> labels.add(channel.label()));
        transport.setDesiredChannels(labels, dataTracks, silent, nowNanos);
        if (!withoutCodec.equals(member.withoutCodec)) {
            member.withoutCodec = Set.copyOf(withoutCodec);
            reportWithoutCodec(member);
        }
    }

    /** Reports again the tracks for which the client of a transport has no codec, if there are any. */
    void reportWithoutCodec(TransportId id) {
        Member member = members.get(id);
        if (member != null && !member.withoutCodec.isEmpty()) {
            reportWithoutCodec(member);
        }
    }

    private void reportWithoutCodec(Member member) {
        listener.onEvent(new MediaEvent.TrackCodecsMissing(member.transport.id(), member.withoutCodec));
    }

    /** One transport and its desired state. */
    static final class Member {
        private final Transport transport;
        private final Map<String, Publication> published = new HashMap<>(); // The key is the client's id of the track.
        private final HostedTransport hosted;
        private final RelayShares shares;
        private @Nullable DesiredTransport desired;

        /** The SIDs of the tracks whose publishers send a codec that the client has not negotiated. */
        private Set<String> withoutCodec = Set.of();

        private Member(Transport transport, HostedTransport hosted, RelayShares shares) {
            this.transport = transport;
            this.hosted = hosted;
            this.shares = shares;
        }

        Transport transport() {
            return transport;
        }

        @Nullable
        DesiredTransport desired() {
            return desired;
        }

        private boolean isNewer(DesiredTransport next) {
            DesiredTransport current = desired;
            return current == null
                    || next.epoch() > current.epoch()
                    || (next.epoch() == current.epoch() && next.version() > current.version());
        }
    }
}
