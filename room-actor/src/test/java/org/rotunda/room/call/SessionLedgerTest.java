package org.rotunda.room.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.testkit.RoomSamples.START;
import static org.rotunda.room.testkit.RoomSamples.properties;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.ParticipantStatus;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.SessionNotice.RoomChanged;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.state.ClientView;
import org.rotunda.room.state.Departure;
import org.rotunda.room.state.MediaTerms;
import org.rotunda.room.state.RoomEvent.ParticipantDisconnected;
import org.rotunda.room.state.RoomEvent.SessionSuspended;
import org.rotunda.room.state.RoomEvent.TrackUnpublished;
import org.rotunda.room.state.SubscriptionIds;
import org.rotunda.room.testkit.RoomSteps;

class SessionLedgerTest {
    private final RoomSteps steps = RoomSteps.room(properties());
    private final SessionLedger ledger = new SessionLedger();
    private final ParticipantSid alice = steps.joins("alice", START);
    private final ParticipantSid bob = steps.joins("bob", START);
    private boolean recording;

    @Test
    void tellsNothingTwice() {
        ledger.snapshot(viewOf(alice), 1, List.of());

        assertThat(ledger.catchUp(viewOf(alice), 2)).isEmpty();
    }

    @Test
    void subscribesToATrackInTheNoticeThatShowsIt() {
        ledger.snapshot(viewOf(alice), 1, List.of());
        TrackSid cam = steps.publishes(bob, "cam", TrackKind.VIDEO);

        RoomChanged notice = only(ledger.catchUp(viewOf(alice), 2));

        assertThat(notice.participants()).singleElement().satisfies(each -> {
            assertThat(each.sid()).isEqualTo(bob);
            assertThat(each.revision()).isEqualTo(2);
            assertThat(each.tracks())
                    .singleElement()
                    .satisfies(track -> assertThat(track.sid()).isEqualTo(cam));
        });
        assertThat(notice.published()).isNull();
        assertThat(viewOf(alice).subscribed())
                .singleElement()
                .satisfies(track -> assertThat(track.sid()).isEqualTo(cam));
        assertThat(notice.subscribed())
                .isEqualTo(new SessionNotice.Subscribed(2, viewOf(alice).subscribed()));
    }

    @Test
    void tellsAClientTheStateOfItsOwnTracks() {
        ledger.snapshot(viewOf(alice), 1, List.of());
        TrackSid cam = steps.publishes(alice, "cam", TrackKind.VIDEO);

        RoomChanged notice = only(ledger.catchUp(viewOf(alice), 2));

        assertThat(notice.published())
                .isEqualTo(new SessionNotice.Published(2, List.of(new SessionNotice.PublishedTrack("cam", cam, null))));
        assertThat(notice.participants()).isEmpty();
        assertThat(notice.subscribed()).isNull();
    }

    @Test
    void showsALeaverWithItsLastTracksBeforeTheSubscriptionsEnd() {
        TrackSid cam = steps.publishes(bob, "cam", TrackKind.VIDEO);
        ledger.snapshot(viewOf(alice), 1, List.of());
        steps.happens(new ParticipantDisconnected(bob, Departure.LEFT, START));

        List<SessionNotice> notices = ledger.catchUp(viewOf(alice), 2);

        assertThat(notices).hasSize(2);
        RoomChanged first = (RoomChanged) notices.get(0);
        assertThat(first.subscribed()).isNull();
        assertThat(first.participants()).singleElement().satisfies(gone -> {
            assertThat(gone.status()).isEqualTo(ParticipantStatus.DISCONNECTED);
            assertThat(gone.tracks())
                    .singleElement()
                    .satisfies(track -> assertThat(track.sid()).isEqualTo(cam));
        });
        assertThat(notices.get(1))
                .isEqualTo(new RoomChanged(List.of(), null, new SessionNotice.Subscribed(2, List.of())));
    }

    @Test
    void endsTheSubscriptionInTheNoticeThatUnpublishes() {
        TrackSid cam = steps.publishes(bob, "cam", TrackKind.VIDEO);
        ledger.snapshot(viewOf(alice), 1, List.of());
        steps.happens(new TrackUnpublished(bob, cam, START));

        RoomChanged notice = only(ledger.catchUp(viewOf(alice), 2));

        assertThat(notice.participants())
                .singleElement()
                .satisfies(each -> assertThat(each.tracks()).isEmpty());
        assertThat(notice.subscribed()).isEqualTo(new SessionNotice.Subscribed(2, List.of()));
    }

    @Test
    void keepsTracksWhileSomebodyReconnects() {
        steps.publishes(bob, "cam", TrackKind.VIDEO);
        ledger.snapshot(viewOf(alice), 1, List.of());
        steps.happens(new SessionSuspended(bob, START.plusSeconds(30), START));

        RoomChanged notice = only(ledger.catchUp(viewOf(alice), 2));

        assertThat(notice.participants()).singleElement().satisfies(each -> {
            assertThat(each.status()).isEqualTo(ParticipantStatus.RECONNECTING);
            assertThat(each.tracks()).hasSize(1);
        });
        assertThat(notice.subscribed()).isNull();
    }

    @Test
    void subscribesNobodyWhoDidNotAskForIt() {
        steps.publishes(bob, "cam", TrackKind.VIDEO);
        ParticipantSid carol = steps.joins("carol", false, START);

        assertThat(viewOf(carol).subscribed()).isEmpty();
        assertThat(viewOf(carol).others()).hasSize(2);
    }

    @Test
    void tellsOnceThatTheRoomIsRecordedAndOnceThatItIsNoLonger() {
        assertThat(ledger.snapshot(viewOf(alice), 1, List.of()).recording())
                .isEqualTo(new SessionNotice.Recording(false, 1));
        recording = true;
        assertThat(only(ledger.catchUp(viewOf(alice), 2)))
                .isEqualTo(new RoomChanged(List.of(), null, null, new SessionNotice.Recording(true, 2)));
        assertThat(ledger.catchUp(viewOf(alice), 3)).isEmpty();
        assertThat(ledger.snapshot(viewOf(alice), 4, List.of()).recording())
                .isEqualTo(new SessionNotice.Recording(true, 4));

        recording = false;

        assertThat(only(ledger.catchUp(viewOf(alice), 5)).recording()).isEqualTo(new SessionNotice.Recording(false, 5));
    }

    private ClientView viewOf(ParticipantSid viewer) {
        return ClientView.of(
                steps.state(),
                ClientView.everybody(steps.state()),
                steps.state().participant(viewer).orElseThrow(),
                new SubscriptionIds(),
                MediaTerms.UNKNOWN,
                recording);
    }

    private static RoomChanged only(List<SessionNotice> notices) {
        assertThat(notices).hasSize(1);
        return (RoomChanged) notices.get(0);
    }
}
