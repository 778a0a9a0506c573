package org.rotunda.room.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.entity.RoomEntityFixture.errorOf;
import static org.rotunda.room.testkit.RoomSamples.ACCOUNT;
import static org.rotunda.room.testkit.RoomSamples.START;
import static org.rotunda.room.testkit.RoomSamples.client;
import static org.rotunda.room.testkit.RoomSamples.offer;
import static org.rotunda.room.testkit.RoomSamples.properties;
import static org.rotunda.room.testkit.RoomSamples.track;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.protocol.ClientTrack;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomType;
import org.rotunda.room.protocol.RulesView;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.SessionNotice.Connected;
import org.rotunda.room.protocol.SessionNotice.RoomChanged;
import org.rotunda.room.protocol.SessionNotice.SubscribedTrack;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackRule;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.protocol.TrackView;
import org.rotunda.room.protocol.TrackViews;

/** Tests the subscribe rules of participants, and the lists of tracks. */
class RoomRulesTest {
    private static final TrackRule NO_VIDEO =
            new TrackRule(TrackRule.Type.EXCLUDE, false, TrackKind.VIDEO, null, null, null);
    private static final List<TrackRule> NO_SOUND_EITHER = List.of(TrackRule.EXCLUDE_ALL);
    private static final List<TrackRule> SOUND = List.of(TrackRule.INCLUDE_ALL, NO_VIDEO);

    @AutoClose
    private final RoomEntityFixture room = new RoomEntityFixture();

    @Test
    void tellsTheSubscriberAndItsMediaNodeWhatTheRulesSelect() {
        room.create();
        Connected bob =
                room.connect("bob", room.newSocket(), track("mic", TrackKind.AUDIO), track("cam", TrackKind.VIDEO));
        TestProbe<SessionNotice> socket = room.newSocket();
        Connected alice = room.connect("alice", socket);
        assertThat(sids(alice.snapshot().subscribed().tracks())).containsExactly(sid(bob, 0), sid(bob, 1));
        String first = alice.snapshot().subscribed().tracks().get(1).id();

        assertThat(change("alice", SOUND).getValue().rules()).isEqualTo(SOUND);
        assertThat(sids(subscribed(socket))).containsExactly(sid(bob, 0));
        room.awaitUntil(
                () -> assertThat(desired(alice)).containsExactly(sid(bob, 0).value()));

        change(alice.participantSid().value(), List.of(TrackRule.INCLUDE_ALL));
        List<SubscribedTrack> back = subscribedTo(socket, 2);
        assertThat(sids(back)).containsExactly(sid(bob, 0), sid(bob, 1));
        assertThat(back.get(1).id()).as("a connection must not use an id twice").isNotEqualTo(first);
        assertThat(back.get(0).id())
                .as("the sound was received all the time")
                .isEqualTo(alice.snapshot().subscribed().tracks().get(0).id());
        room.awaitUntil(() -> assertThat(desired(alice))
                .containsExactly(sid(bob, 0).value(), sid(bob, 1).value()));
    }

    @Test
    void keepsRulesAndIdsWhenTheRoomIsRecovered() {
        room.create();
        room.connect("bob", room.newSocket(), track("mic", TrackKind.AUDIO), track("cam", TrackKind.VIDEO));
        TestProbe<SessionNotice> socket = room.newSocket();
        Connected alice = room.connect("alice", socket);
        change("alice", NO_SOUND_EITHER);
        change("alice", SOUND);
        String id = subscribedTo(socket, 1).get(0).id();

        room.entity.restart();
        room.awaitUntil(() -> assertThat(room.open().epoch()).isEqualTo(2));

        assertThat(rules("alice").rules()).isEqualTo(SOUND);
        assertThat(room.sync(alice.sessionId(), room.newSocket())
                        .snapshot()
                        .subscribed()
                        .tracks())
                .extracting(SubscribedTrack::id)
                .containsExactly(id);
    }

    @Test
    void followsAChangeOfThePriority() {
        room.create();
        Connected bob = room.connect("bob", room.newSocket(), track("cam", TrackKind.VIDEO));
        TestProbe<SessionNotice> socket = room.newSocket();
        room.connect("alice", socket);
        change("alice", List.of(new TrackRule(TrackRule.Type.INCLUDE, false, null, null, null, TrackPriority.HIGH)));
        assertThat(subscribed(socket)).isEmpty();

        ClientTrack high = new ClientTrack("cam", TrackKind.VIDEO, "name-cam", true, TrackPriority.HIGH);
        room.entity.runCommand(new RoomCommand.Update(bob.sessionId(), client(2, high), List.of()));

        assertThat(sids(subscribed(socket))).containsExactly(sid(bob, 0));
    }

    @Test
    void startsWithTheRulesOfTheConnect() {
        room.create();
        room.connect("bob", room.newSocket(), track("mic", TrackKind.AUDIO), track("cam", TrackKind.VIDEO));

        Connected alice = room.<Connected>ask(replyTo -> new RoomCommand.Connect(
                        ACCOUNT,
                        "alice",
                        client(1),
                        true,
                        SOUND,
                        Set.of(),
                        null,
                        offer("pc-alice"),
                        room.newSocket().getRef(),
                        replyTo))
                .getValue();

        assertThat(alice.snapshot().subscribed().tracks()).hasSize(1);
        assertThat(rules("alice")).isEqualTo(new RulesView(alice.participantSid(), SOUND, START, START));
    }

    @Test
    void showsTheDefaultRuleWithoutDatesAndKeepsTheTimeOfTheFirstChange() {
        room.create();
        ParticipantSid alice = room.connect("alice").participantSid();
        assertThat(rules("alice")).isEqualTo(new RulesView(alice, List.of(TrackRule.INCLUDE_ALL), null, null));

        room.clock.advance(Duration.ofSeconds(5));
        change("alice", SOUND);
        room.clock.advance(Duration.ofSeconds(5));
        RulesView last = change("alice", NO_SOUND_EITHER).getValue();

        assertThat(last).isEqualTo(new RulesView(alice, NO_SOUND_EITHER, START.plusSeconds(5), START.plusSeconds(10)));
    }

    @Test
    void journalsARepeatedChangeOnce() {
        room.create();
        room.connect("alice");
        change("alice", SOUND);
        TestProbe<StatusReply<RulesView>> caller = room.actors.createTestProbe();

        assertThat(room.entity
                        .runCommand(new RoomCommand.ChangeSubscribeRules("alice", SOUND, caller.getRef()))
                        .hasNoEvents())
                .isTrue();
        assertThat(caller.receiveMessage().getValue().rules()).isEqualTo(SOUND);
    }

    @Test
    void refusesRulesForAParticipantWhoIsNotThere() {
        room.create();
        Connected alice = room.connect("alice");
        assertThat(errorOf(change("bob", SOUND))).isEqualTo(RoomError.PARTICIPANT_NOT_FOUND);

        room.entity.runCommand(new RoomCommand.Disconnect(alice.sessionId()));

        assertThat(errorOf(change(alice.participantSid().value(), SOUND))).isEqualTo(RoomError.PARTICIPANT_NOT_FOUND);
        room.complete();
        assertThat(errorOf(change("alice", SOUND))).isEqualTo(RoomError.ROOM_COMPLETED);
    }

    @Test
    void refusesRulesInARoomWithoutAMediaServer() {
        RoomProperties group = properties();
        room.tryCreate(new RoomProperties(
                RoomType.PEER_TO_PEER, 4, 14_400, 5, 5, false, List.of(), "", false, false, null, "POST"));
        room.connect("alice");

        assertThat(group.hasMediaServer()).isTrue();
        assertThat(errorOf(change("alice", SOUND))).isEqualTo(RoomError.SUBSCRIPTION_NOT_SUPPORTED);
        assertThat(errorOf(room.<RulesView>ask(replyTo -> new RoomCommand.FetchSubscribeRules("alice", replyTo))))
                .isEqualTo(RoomError.SUBSCRIPTION_NOT_SUPPORTED);
        assertThat(errorOf(tracks("alice", true))).isEqualTo(RoomError.SUBSCRIPTION_NOT_SUPPORTED);
        assertThat(tracks("alice", false).isSuccess()).isTrue();
    }

    @Test
    void listsTheTracksThatAParticipantPublishesAndReceives() {
        room.create();
        Connected bob = room.connect("bob", room.newSocket(), track("cam", TrackKind.VIDEO));
        room.clock.advance(Duration.ofSeconds(7));
        ParticipantSid alice = room.connect("alice").participantSid();
        TrackView cam =
                new TrackView(sid(bob, 0), bob.participantSid(), "name-cam", TrackKind.VIDEO, true, START, null);

        assertThat(tracks("bob", false).getValue()).isEqualTo(new TrackViews(bob.participantSid(), List.of(cam)));
        assertThat(tracks("alice", false).getValue()).isEqualTo(new TrackViews(alice, List.of()));
        assertThat(tracks("alice", true).getValue().tracks())
                .containsExactly(new TrackView(
                        cam.sid(), cam.publisher(), cam.name(), cam.kind(), true, START.plusSeconds(7), null));

        ClientTrack muted = new ClientTrack("cam", TrackKind.VIDEO, "name-cam", false, TrackPriority.STANDARD);
        room.entity.runCommand(new RoomCommand.Update(bob.sessionId(), client(2, muted), List.of()));
        change("alice", NO_SOUND_EITHER);

        assertThat(tracks("bob", false).getValue().tracks())
                .containsExactly(new TrackView(
                        cam.sid(), cam.publisher(), cam.name(), cam.kind(), false, START, START.plusSeconds(7)));
        assertThat(tracks("alice", true).getValue().tracks()).isEmpty();
        assertThat(errorOf(tracks("carol", true))).isEqualTo(RoomError.PARTICIPANT_NOT_FOUND);
    }

    private StatusReply<RulesView> change(String participant, List<TrackRule> rules) {
        return room.ask(replyTo -> new RoomCommand.ChangeSubscribeRules(participant, rules, replyTo));
    }

    private RulesView rules(String participant) {
        return room.<RulesView>ask(replyTo -> new RoomCommand.FetchSubscribeRules(participant, replyTo))
                .getValue();
    }

    private StatusReply<TrackViews> tracks(String participant, boolean subscribed) {
        return room.ask(replyTo -> new RoomCommand.ListTracks(participant, subscribed, replyTo));
    }

    private static TrackSid sid(Connected publisher, int track) {
        return Objects.requireNonNull(
                publisher.snapshot().published().tracks().get(track).sid());
    }

    private static List<TrackSid> sids(List<SubscribedTrack> tracks) {
        return tracks.stream().map(SubscribedTrack::sid).toList();
    }

    /** Returns the subscriptions in the next notice that has some. */
    private static List<SubscribedTrack> subscribed(TestProbe<SessionNotice> socket) {
        List<SessionNotice> notices = socket.fishForMessage(
                Duration.ofSeconds(10),
                notice -> notice instanceof RoomChanged changed && changed.subscribed() != null
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
        return Objects.requireNonNull(((RoomChanged) notices.get(0)).subscribed())
                .tracks();
    }

    /** Returns the next subscriptions with this number of tracks. */
    private static List<SubscribedTrack> subscribedTo(TestProbe<SessionNotice> socket, int tracks) {
        List<SubscribedTrack> told;
        do {
            told = subscribed(socket);
        } while (told.size() != tracks);
        return told;
    }

    /** Returns the tracks in the latest desired state of a participant's transport. */
    private List<String> desired(Connected participant) {
        List<DesiredTransport> states = room.routers.get(0).commands(DesiredTransport.class).stream()
                .filter(each -> each.transport()
                        .participantSid()
                        .equals(participant.participantSid().value()))
                .toList();
        return states.get(states.size() - 1).subscriptions().stream()
                .map(DesiredTransport.Subscription::trackSid)
                .toList();
    }
}
