package org.rotunda.room.call;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.signal.ClientSignal;
import org.rotunda.room.signal.ClientSignalReader;
import org.rotunda.room.signal.ServerSignal;
import org.rotunda.room.signal.ServerSignalWriter;
import org.rotunda.room.signal.SignalChannel;
import org.rotunda.room.signal.SignalFault;
import org.rotunda.room.state.Participant;

/** The part of a live call that reads and writes the messages of media-signaling channels. Owned by the conductor. */
final class CallSignals {
    private final LiveRoom live;
    private final MediaNodeLink mediaNodes;

    CallSignals(LiveRoom live, MediaNodeLink mediaNodes) {
        this.live = live;
        this.mediaNodes = mediaNodes;
    }

    /**
     * Takes the news that a channel has opened or closed. A client that has lost a channel hears its label again,
     * because it then takes any channel with that label for the new one.
     *
     * @param videos the video tracks that the client is subscribed to
     */
    void onChannel(Participant participant, Member member, MediaEvent.ChannelChanged changed, Set<TrackSid> videos) {
        SignalChannel channel = MemberSignals.channelOf(participant.channels(), changed.label());
        if (channel == null) {
            live.log().debug("A channel that the call does not have: {}", changed);
        } else if (!changed.open()) {
            member.signals.onClosed(channel);
        } else if (member.signals.onOpened(channel, videos)) {
            member.tell(new SessionNotice.Channels(participant.channels()));
        }
    }

    /** Reads a message from a client. Returns null if the message is dropped. */
    @Nullable
    ClientSignal read(Participant participant, Member member, MediaEvent.ChannelMessage message, long nowNanos) {
        SignalChannel channel = MemberSignals.channelOf(participant.channels(), message.label());
        if (channel == null) {
            return null;
        }
        if (!member.signals.budget.take(nowNanos)) {
            return drop(channel, SignalFault.TOO_MANY);
        }
        ClientSignalReader.Read read = ClientSignalReader.read(channel, message.text());
        SignalFault fault = read.fault();
        if (fault != null) {
            return drop(channel, fault);
        }
        live.environment().statistics().countSignalRead(channel);
        return read.signal();
    }

    private @Nullable ClientSignal drop(SignalChannel channel, SignalFault fault) {
        live.environment().statistics().countSignalDropped(fault);
        live.log().debug("A message on channel {} is dropped: {}", channel, fault);
        return null;
    }

    void send(Participant participant, Member member, ServerSignal signal) {
        String label = participant.channels().get(signal.channel().wireName());
        if (label != null) {
            live.environment().statistics().countSignalSent(signal.channel());
            mediaNodes.deliver(
                    member.transport.mediaNode(),
                    new MediaCommand.SendOnChannel(
                            member.transport.id(), live.epoch(), label, ServerSignalWriter.write(signal)));
        }
    }

    void send(Participant participant, Member member, Optional<ServerSignal> signal) {
        signal.ifPresent(present -> send(participant, member, present));
    }
}
