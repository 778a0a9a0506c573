package org.rotunda.room.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.DownlinkReport;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.QualityReport;
import org.rotunda.media.control.RoomReport;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.TransportId;
import org.rotunda.room.allocation.EffectivePriority;
import org.rotunda.room.allocation.Reason;
import org.rotunda.room.allocation.SubscriberPlan;
import org.rotunda.room.allocation.TrackInput;
import org.rotunda.room.call.ConductorCommand.BandwidthDue;
import org.rotunda.room.protocol.AllocationView;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.PictureSize;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.quality.QualityMeter;
import org.rotunda.room.signal.ClientSignal;
import org.rotunda.room.signal.RenderHintMemory;
import org.rotunda.room.signal.SignalChannel;
import org.rotunda.room.state.OpenRoom;
import org.rotunda.room.state.Participant;
import org.rotunda.room.state.Subscriptions;

/**
 * The part of a live call that decides what each member receives and in which quality. It takes in what media nodes
 * measure and what clients say on their media-signaling channels, runs the plan of each subscriber, and puts the result
 * into the desired states of the transports and into messages to the clients. {@code docs/room.md} walks through it.
 * Owned by the conductor.
 *
 * <p>A report about a subscriber's network and a hint of a client take effect at once for this subscriber. Everything
 * else is collected for {@link #COALESCED}. One timer serves all members.
 */
final class CallBandwidth {
    /** The time for which changes that concern many subscribers are collected. */
    static final Duration COALESCED = Duration.ofMillis(100);

    /**
     * The number of participants from which a change of the room is collected, too, and for longer. The work for one
     * change grows with the number of subscribers times the number of tracks.
     */
    static final int LARGE_ROOM = 50;

    /** The shortest time between two runs of the timer. */
    static final Duration TIMER_MIN = Duration.ofMillis(20);

    private static final long NEVER = Long.MAX_VALUE;

    private final LiveRoom live;
    private final CallTransports transports;
    private final TimerScheduler<ConductorCommand> timers;
    private final CallSources sources;
    private final CallSpeakers speakers;
    private final CallSignals signals;
    private final CallQuality quality;
    private final CallPublishers publishers;
    private long plansDueAt = NEVER; // The time at which the inputs of all plans are collected again.
    private long timerAt = NEVER;
    private long speakerRevision;
    private long loudestRevision;

    CallBandwidth(
            LiveRoom live,
            CallTransports transports,
            MediaNodeLink mediaNodes,
            TimerScheduler<ConductorCommand> timers) {
        this.live = live;
        this.transports = transports;
        this.timers = timers;
        this.sources = new CallSources(live);
        this.speakers = new CallSpeakers(live.settings().bandwidth().loudestAudio());
        this.signals = new CallSignals(live, mediaNodes);
        this.quality = new CallQuality(live, sources);
        this.publishers = new CallPublishers(live, sources);
    }

    // --- changes of the room's state

    /** Brings all plans up to date with a state of the room, before the transports get their desired states. */
    void follow(OpenRoom now) {
        long nanos = live.nowNanos();
        sources.follow(now);
        speakers.follow(now, nanos);
        for (Participant participant : now.participants()) {
            Member member = live.members().get(participant.sid());
            if (member != null) {
                live.faults().guard(participant.sid(), FaultPlace.STATE, () -> follow(participant, member, nanos));
            }
        }
        if (now.participants().size() > LARGE_ROOM) {
            replanSoon(nanos); // Until then a new track is sent as it is.
        } else {
            replan(now, false, nanos);
        }
        tellSpeakers(now);
        schedule(nanos);
    }

    private void follow(Participant participant, Member member, long nanos) {
        if (member.plan == null) {
            member.plan = new MemberPlan(
                    participant.bandwidthProfile(), live.settings().bandwidth().subscriptionBitrateMax());
            member.audio = speakers;
            member.sources = sources;
        }
        if (member.meter == null) {
            member.meter = new QualityMeter(nanos);
        }
    }

    /**
     * Gives all plans their inputs again, and puts the results into effect.
     *
     * @param tellRouters false if the caller sends all desired states afterwards
     */
    private void replan(OpenRoom now, boolean tellRouters, long nanos) {
        plansDueAt = NEVER;
        Places places = places(now);
        Set<TrackSid> published = published(now);
        for (Participant participant : now.participants()) {
            Member member = live.members().get(participant.sid());
            if (member != null) {
                live.faults().guard(participant.sid(), FaultPlace.STATE, () -> {
                    member.signals.priorities.retain(published);
                    member.signals.renderHints.retain(published);
                    plan(now, participant, member, places, nanos);
                    settle(now, participant, member, tellRouters, nanos);
                });
            }
        }
        hintPublishers(now, tellRouters, nanos);
    }

    /**
     * The places of participants that decide between tracks of equal priority.
     *
     * @param joined the place in the order of arrival
     * @param speaking the place among those who have spoken last
     */
    private record Places(Map<ParticipantSid, Integer> joined, Map<ParticipantSid, Integer> speaking) {}

    private Places places(OpenRoom now) {
        Map<ParticipantSid, Integer> joined = new HashMap<>();
        now.participants().forEach(each -> joined.put(each.sid(), joined.size()));
        Map<ParticipantSid, Integer> speaking = new HashMap<>();
        speakers.ranking().forEach(each -> speaking.put(each, speaking.size()));
        return new Places(joined, speaking);
    }

    private static Set<TrackSid> published(OpenRoom now) {
        Set<TrackSid> published = new HashSet<>();
        now.participants().forEach(each -> each.publications().forEach(track -> published.add(track.sid())));
        return published;
    }

    private void plan(OpenRoom now, Participant subscriber, Member member, Places places, long nanos) {
        MemberPlan plan = member.plan;
        if (plan == null) {
            return;
        }
        List<Subscriptions.Subscribed> received = Subscriptions.of(now, subscriber)
                .filter(each -> member.terms.isReceivable(each.track()))
                .toList();
        Set<ParticipantSid> from = new HashSet<>();
        received.forEach(each -> from.add(each.publisherSid()));
        ParticipantSid dominant =
                speakers.raisesPriority() && subscriber.channels().containsKey(SignalChannel.ACTIVE_SPEAKER.wireName())
                        ? speakers.dominantFor(subscriber.sid(), from)
                        : null;
        List<TrackInput> inputs = new ArrayList<>();
        for (Subscriptions.Subscribed each : received) {
            VideoSource source = each.trackKind() == TrackKind.VIDEO ? sources.of(each.trackSid()) : null;
            if (source != null) {
                inputs.add(input(member, plan, each, source, dominant, places));
            }
        }
        plan.onTracks(inputs, from, speakers.speaking(), nanos);
    }

    private TrackInput input(
            Member member,
            MemberPlan plan,
            Subscriptions.Subscribed subscribed,
            VideoSource source,
            @Nullable ParticipantSid dominant,
            Places places) {
        TrackSid track = subscribed.trackSid();
        ParticipantSid publisher = subscribed.publisherSid();
        RenderHintMemory hints = member.signals.renderHints;
        PictureSize size = hints.sizeOf(track);
        return new TrackInput(
                track,
                EffectivePriority.of(
                        subscribed.trackPriority(),
                        member.signals.priorities.of(track),
                        publisher.equals(dominant),
                        plan.profile()),
                size == null ? null : MemberPlan.of(size),
                hints.isEnabled(track),
                source.isScreen(),
                places.speaking().getOrDefault(publisher, places.speaking().size()),
                places.joined().getOrDefault(publisher, places.joined().size()),
                source.ladder());
    }

    /** Puts the result of a member's plan into effect: tells the client and the router what has changed. */
    private void settle(OpenRoom now, Participant participant, Member member, long nanos) {
        settle(now, participant, member, true, nanos);
    }

    private void settle(OpenRoom now, Participant participant, Member member, boolean tellRouter, long nanos) {
        MemberPlan plan = member.plan;
        if (plan == null) {
            return;
        }
        SubscriberPlan.SwitchOffs switched = plan.takeSwitchOffs();
        switched.off().forEach(track -> member.signals.switchOffs.set(track, true));
        switched.on().forEach(track -> member.signals.switchOffs.set(track, false));
        member.signals.switchOffs.retain(plan.videos());
        signals.send(participant, member, member.signals.switchOffs.take());
        countChanges(member, plan);
        QualityMeter meter = member.meter;
        boolean changed = plan.takeChanged(nanos);
        if (changed && meter != null) {
            meter.onReceivedLayersChanged(nanos);
        }
        if ((plan.takeDemand(changed) || changed) && tellRouter) {
            transports.desire(now, participant);
        }
        quality.onDemand(participant, member, plan);
    }

    private void countChanges(Member member, MemberPlan plan) {
        SubscriberPlan.Counts counts = plan.counts();
        live.environment().statistics().countAllocation(member.counted, counts);
        member.counted = counts;
    }

    private void hintPublishers(OpenRoom now, boolean tellRouters, long nanos) {
        for (Participant participant : now.participants()) {
            Member member = live.members().get(participant.sid());
            if (member != null && !participant.publications().isEmpty()) {
                live.faults().guard(participant.sid(), FaultPlace.STATE, () -> {
                    if (publishers.update(now, participant, member, nanos) && tellRouters) {
                        transports.desire(now, participant);
                    }
                    hint(participant, member, nanos);
                });
            }
        }
    }

    private void hint(Participant participant, Member member, long nanos) {
        member.signals.hinter.take(nanos).ifPresent(hints -> {
            QualityMeter meter = member.meter;
            if (meter != null) {
                meter.onSentLayersChanged(nanos);
            }
            signals.send(participant, member, hints);
        });
    }

    /** Collects changes that concern many subscribers. */
    private void replanSoon(long nanos) {
        long factor = Math.max(1, live.members().size() / LARGE_ROOM);
        plansDueAt = Math.min(plansDueAt, nanos + factor * COALESCED.toNanos());
    }

    // --- speakers

    /** Tells clients who speaks, and audio that is no longer among the loudest is no longer sent. */
    private void onSpeakers(OpenRoom now, long nanos) {
        if (speakers.loudestRevision() != loudestRevision) {
            loudestRevision = speakers.loudestRevision();
            transports.desireAll(now);
        }
        if (speakers.revision() != speakerRevision) {
            speakerRevision = speakers.revision();
            tellSpeakers(now);
            replanSoon(nanos);
        }
    }

    private void tellSpeakers(OpenRoom now) {
        for (Participant participant : now.participants()) {
            Member member = live.members().get(participant.sid());
            if (member != null) {
                live.faults().guard(participant.sid(), FaultPlace.STATE, () -> tellSpeaker(participant, member));
            }
        }
    }

    private void tellSpeaker(Participant participant, Member member) {
        MemberPlan plan = member.plan;
        if (plan != null && member.signals.isOpen(SignalChannel.ACTIVE_SPEAKER)) {
            member.signals
                    .speaker
                    .update(speakers.dominantFor(participant.sid(), plan.publishers()))
                    .ifPresent(changed -> {
                        live.environment().statistics().countSpeakerChange();
                        signals.send(participant, member, changed);
                    });
        }
    }

    // --- what media nodes tell

    /** Takes an event of a member's transport. */
    void on(Participant participant, Member member, MediaEvent event) {
        OpenRoom now = live.state().orElse(null);
        if (now == null) {
            return;
        }
        long nanos = live.nowNanos();
        if (event instanceof MediaEvent.LayersChanged changed) {
            if (sources.onLayers(changed)) {
                replanSoon(nanos);
            }
        } else if (event instanceof MediaEvent.TrackFlows flows) {
            MemberPlan plan = member.plan;
            if (plan != null) {
                plan.onFlowing(new TrackSid(flows.trackSid()), nanos);
                settle(now, participant, member, nanos);
            }
        } else if (event instanceof MediaEvent.ChannelChanged changed) {
            signals.onChannel(participant, member, changed, member.plan == null ? Set.of() : member.plan.videos());
            settle(now, participant, member, nanos);
            tellSpeaker(participant, member);
            hint(participant, member, nanos);
            replanSoon(nanos); // Hints are computed only for publishers that hear them.
        } else if (event instanceof MediaEvent.ChannelMessage message) {
            ClientSignal signal = signals.read(participant, member, message, nanos);
            if (signal != null) {
                onSignal(now, participant, member, signal, nanos);
            }
        } else if (event instanceof MediaEvent.DesiredApplied) {
            member.signals.onApplied(nanos);
        }
        schedule(nanos);
    }

    /** Notes that a client turned out to have other codecs, so that it receives other tracks. */
    void onTerms() {
        long nanos = live.nowNanos();
        replanSoon(nanos);
        schedule(nanos);
    }

    /** Takes the measurements of a media node. A defect in this work costs one report and not the call. */
    void onReport(String mediaNode, RoomReport report) {
        OpenRoom now = live.state().orElse(null);
        if (now == null) {
            return;
        }
        long nanos = live.nowNanos();
        try {
            speakers.onLevels(mediaNode, report.levels(), nanos);
            onSpeakers(now, nanos);
            if (sources.onRates(mediaNode, report.rates())) {
                replanSoon(nanos);
            }
        } catch (RuntimeException fault) {
            live.log().error("a report of media node {} cannot be read", mediaNode, fault);
        }
        for (DownlinkReport each : report.downlinks()) {
            at(mediaNode, each.transport(), (participant, member) -> {
                MemberPlan plan = member.plan;
                if (plan != null) {
                    plan.onReport(each, speakers.speaking(), nanos);
                    settle(now, participant, member, nanos);
                }
            });
        }
        for (QualityReport each : report.qualities()) {
            at(mediaNode, each.transport(), (participant, member) -> quality.onReport(member, each, nanos));
        }
        schedule(nanos);
    }

    /** A part of the work for one member. */
    private interface Work {
        void on(Participant participant, Member member);
    }

    /** Works for the member of a transport, if the transport is the member's present one and on this node. */
    private void at(String mediaNode, TransportId transport, Work work) {
        ParticipantSid sid = new ParticipantSid(transport.participantSid());
        Member member = live.members().get(sid);
        Optional<Participant> participant = live.participant(sid);
        if (member != null
                && participant.isPresent()
                && member.transport.id().equals(transport)
                && member.transport.mediaNode().equals(mediaNode)) {
            live.faults().guard(sid, FaultPlace.MEDIA, () -> work.on(participant.get(), member));
        }
    }

    // --- what clients say

    private void onSignal(OpenRoom now, Participant participant, Member member, ClientSignal signal, long nanos) {
        if (signal instanceof ClientSignal.QualityAsked asked) {
            QualityMeter meter = member.meter;
            if (meter != null) {
                signals.send(participant, member, quality.answer(participant.sid(), meter, asked));
            }
        } else if (signal instanceof ClientSignal.RenderHints hints) {
            RenderHintMemory.Outcome outcome =
                    member.signals.renderHints.onHints(hints, track -> isOfOthers(now, participant, track));
            signals.send(participant, member, outcome.answer());
            if (outcome.changed()) {
                planOne(now, participant, member, nanos);
            }
        } else if (signal instanceof ClientSignal.PriorityChosen chosen) {
            if (member.signals.priorities.onChosen(chosen, isOfOthers(now, participant, chosen.track()))) {
                planOne(now, participant, member, nanos);
            }
        } else if (signal instanceof ClientSignal.PublisherHintsTaken taken) {
            member.signals.hinter.onTaken(taken, nanos);
            hint(participant, member, nanos);
        } else if (signal instanceof ClientSignal.EncodingsReset reset) {
            onReset(participant, member, reset.track(), nanos);
        } // Ready needs no answer: the client queues nothing for us before it.
    }

    private static boolean isOfOthers(OpenRoom now, Participant participant, TrackSid track) {
        return now.participants().stream()
                .filter(each -> !each.sid().equals(participant.sid()))
                .flatMap(each -> each.publications().stream())
                .anyMatch(each -> each.sid().equals(track));
    }

    private void onReset(Participant participant, Member member, TrackSid track, long nanos) {
        VideoSource source = sources.of(track);
        boolean isOwn =
                participant.publications().stream().anyMatch(each -> each.sid().equals(track));
        if (source != null && isOwn) {
            source.onReplaced();
            member.signals.hinter.onReset(track);
            QualityMeter meter = member.meter;
            if (meter != null) {
                meter.onSentLayersChanged(nanos);
            }
            hint(participant, member, nanos);
            replanSoon(nanos);
        }
    }

    /** Runs the plan of one subscriber whose client has said something new. */
    private void planOne(OpenRoom now, Participant participant, Member member, long nanos) {
        Places places = places(now);
        plan(now, participant, member, places, nanos);
        settle(now, participant, member, nanos);
        replanSoon(nanos); // Publishers may have to send other encodings now.
    }

    // --- time

    void onDue() {
        timerAt = NEVER;
        OpenRoom now = live.state().orElse(null);
        if (now == null) {
            return;
        }
        long nanos = live.nowNanos();
        speakers.onTime(nanos);
        onSpeakers(now, nanos);
        if (nanos >= plansDueAt) {
            replan(now, true, nanos);
        }
        for (Participant participant : now.participants()) {
            Member member = live.members().get(participant.sid());
            if (member != null) {
                live.faults()
                        .guard(participant.sid(), FaultPlace.TIMEOUT, () -> onDue(now, participant, member, nanos));
            }
        }
        schedule(nanos);
    }

    private void onDue(OpenRoom now, Participant participant, Member member, long nanos) {
        MemberPlan plan = member.plan;
        if (plan != null && nanos >= plan.nextDeadlineNanos()) {
            plan.onTimeout(nanos);
            settle(now, participant, member, nanos);
        }
        if (nanos >= member.signals.hinter.nextDeadlineNanos()) {
            hint(participant, member, nanos);
        }
        if (member.signals.reopen(nanos)) {
            transports.desire(now, participant);
        }
    }

    private void schedule(long nanos) {
        long next = Math.min(plansDueAt, speakers.nextDeadlineNanos());
        for (Member member : live.members().values()) {
            next = Math.min(next, member.signals.hinter.nextDeadlineNanos());
            next = Math.min(next, member.signals.reopenAt());
            if (member.plan != null) {
                next = Math.min(next, member.plan.nextDeadlineNanos());
            }
        }
        if (next == NEVER) {
            return; // A timer that is still running finds nothing to do.
        }
        long at = Math.max(next, nanos + TIMER_MIN.toNanos());
        if (at < timerAt) {
            timerAt = at;
            timers.startSingleTimer(BandwidthDue.class, new BandwidthDue(), Duration.ofNanos(at - nanos));
        }
    }

    // --- for people

    void explain(ParticipantSid sid, RoomCommand.FetchAllocation request) {
        OpenRoom now = live.state().orElse(null);
        Optional<Participant> participant = live.participant(sid);
        Member member = live.members().get(sid);
        if (now == null || participant.isEmpty() || member == null || member.plan == null) {
            request.replyTo().tell(StatusReply.error(new RoomRefusal(RoomError.PARTICIPANT_NOT_FOUND)));
        } else {
            request.replyTo().tell(StatusReply.success(view(now, participant.get(), member, member.plan)));
        }
    }

    private AllocationView view(OpenRoom now, Participant participant, Member member, MemberPlan plan) {
        long nanos = live.nowNanos();
        List<AllocationView.Track> tracks = Subscriptions.of(now, participant)
                .filter(each -> each.trackKind() == TrackKind.VIDEO)
                .flatMap(each -> plan
                        .explain(
                                each.trackSid(),
                                each.publisherSid(),
                                live.environment().clock().instant(),
                                nanos)
                        .or(() -> undecodable(each, member))
                        .stream())
                .sorted(Comparator.comparingInt(AllocationView.Track::rank))
                .toList();
        return new AllocationView(
                participant.sid(), now.sid(), now.account(), participant.bandwidthProfile(), plan.budget(), tracks);
    }

    private static Optional<AllocationView.Track> undecodable(Subscriptions.Subscribed each, Member member) {
        return member.terms.isReceivable(each.track())
                ? Optional.empty()
                : Optional.of(new AllocationView.Track(
                        each.trackSid(),
                        each.publisherSid(),
                        Integer.MAX_VALUE,
                        null,
                        null,
                        null,
                        Reason.CODEC_MISSING.name(),
                        "The client cannot decode the codec of the track.",
                        0,
                        List.of()));
    }
}
