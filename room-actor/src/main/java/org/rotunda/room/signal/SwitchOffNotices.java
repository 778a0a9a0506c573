package org.rotunda.room.signal;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.rotunda.room.protocol.TrackSid;

/**
 * What one subscriber was told about which of its video tracks are off. A client takes a track as on until it hears
 * otherwise. On a channel that has opened again everything is told again. Owned by one actor.
 */
public final class SwitchOffNotices {
    private final Set<TrackSid> off = new LinkedHashSet<>(); // The tracks that the client should take as off.
    private final Set<TrackSid> toldOff = new LinkedHashSet<>(); // The tracks that the client takes as off.
    private boolean open;

    /**
     * Notes that the channel has opened. The client is told again which tracks are off.
     *
     * @param mayBeOff the tracks that the client may take as off, because an earlier message said so or may have said
     *     so; those of them that are on are told as on
     */
    public void onOpened(Set<TrackSid> mayBeOff) {
        open = true;
        toldOff.clear();
        mayBeOff.stream().filter(track -> !off.contains(track)).forEach(toldOff::add);
    }

    public void onClosed() {
        open = false;
    }

    /** Notes that the client should take a track as off, or as on. */
    public void set(TrackSid track, boolean isOff) {
        if (isOff) {
            off.add(track);
        } else {
            off.remove(track);
        }
    }

    /** Forgets all tracks but these. The client forgets a track when it is unsubscribed. */
    public void retain(Set<TrackSid> subscribed) {
        off.retainAll(subscribed);
        toldOff.retainAll(subscribed);
    }

    /** Returns whether the client should take the track as off. */
    public boolean isOff(TrackSid track) {
        return off.contains(track);
    }

    /** Returns the message that the client still needs. */
    public Optional<ServerSignal> take() {
        if (!open) {
            return Optional.empty();
        }
        List<TrackSid> nowOff =
                off.stream().filter(track -> !toldOff.contains(track)).toList();
        List<TrackSid> nowOn =
                toldOff.stream().filter(track -> !off.contains(track)).toList();
        if (nowOff.isEmpty() && nowOn.isEmpty()) {
            return Optional.empty();
        }
        toldOff.addAll(nowOff);
        nowOn.forEach(toldOff::remove);
        return Optional.of(new ServerSignal.TrackSwitchOff(nowOff, nowOn));
    }
}
