package org.rotunda.load.library;

import com.twilio.http.HttpMethod;
import com.twilio.http.Request;
import com.twilio.http.Response;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.Domains;
import com.twilio.rest.accounts.v1.AuthTokenPromotion;
import com.twilio.rest.accounts.v1.SecondaryAuthToken;
import com.twilio.rest.api.v2010.Account;
import com.twilio.rest.api.v2010.account.Key;
import com.twilio.rest.api.v2010.account.NewKey;
import com.twilio.rest.api.v2010.account.NewSigningKey;
import com.twilio.rest.api.v2010.account.SigningKey;
import com.twilio.rest.video.v1.Composition;
import com.twilio.rest.video.v1.CompositionHook;
import com.twilio.rest.video.v1.CompositionSettings;
import com.twilio.rest.video.v1.Recording;
import com.twilio.rest.video.v1.RecordingSettings;
import com.twilio.rest.video.v1.Room;
import com.twilio.rest.video.v1.room.Participant;
import com.twilio.rest.video.v1.room.RecordingRules;
import com.twilio.rest.video.v1.room.RoomRecording;
import com.twilio.rest.video.v1.room.Transcriptions;
import com.twilio.rest.video.v1.room.participant.Anonymize;
import com.twilio.rest.video.v1.room.participant.PublishedTrack;
import com.twilio.rest.video.v1.room.participant.SubscribeRules;
import com.twilio.rest.video.v1.room.participant.SubscribedTrack;
import java.net.URI;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The steps of the tour, in their order: each part begins where the part before it ended. Alice publishes a microphone,
 * a camera and a data track; Bob receives them.
 */
final class Tour {
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.000)?Z";
    private static final String NOTHING = "0".repeat(32);

    private static final String ROOMS = "/v1/Rooms";
    private static final String ROOM = ROOMS + "/{Room}";
    private static final String PARTICIPANTS = ROOM + "/Participants";
    private static final String PARTICIPANT = PARTICIPANTS + "/{Participant}";
    private static final String ACCOUNTS = "/2010-04-01/Accounts.json";
    private static final String SUBACCOUNT = "/2010-04-01/Accounts/{Account}.json";

    private static final String DATA_ONLY = "[{\"type\":\"include\",\"kind\":\"data\"}]";
    private static final String NO_RULES = "[{\"type\":\"include\",\"all\":false}]";
    private static final String AUDIO_ONLY = "[{\"type\":\"include\",\"kind\":\"audio\"}]";
    private static final String RECORD_DATA = "[{\"type\":\"include\",\"kind\":\"data\"}]";
    private static final String NONE = "[{\"type\":\"exclude\",\"all\":true}]";

    private Tour() {}

    /** Returns the texts that are there before the first step. */
    static TourVars vars(String name, String account, String authToken) {
        TourVars vars = new TourVars();
        vars.put("name", name);
        vars.put("noRoom", "RM" + NOTHING);
        vars.put("noParticipant", "PA" + NOTHING);
        vars.put("noTrack", "MT" + NOTHING);
        vars.put("noRecording", "RT" + NOTHING);
        vars.put("noComposition", "CJ" + NOTHING);
        vars.put("noHook", "HK" + NOTHING);
        vars.put("noKey", "SK" + NOTHING);
        vars.put("noAccount", "AC" + NOTHING);
        vars.put(TourStep.ACCOUNT, account);
        vars.put(TourStep.ACCOUNT + "Token", authToken);
        vars.put("stranger", account);
        vars.put("strangerToken", "not the token");
        return vars;
    }

    /** Returns all steps. */
    static List<TourStep> steps() {
        return Stream.of(
                        roomSteps(),
                        participantSteps(),
                        trackSteps(),
                        ruleSteps(),
                        departureSteps(),
                        recordingSteps(),
                        compositionSteps(),
                        reportSteps(),
                        endSteps(),
                        accountSteps(),
                        keySteps(),
                        tokenSteps())
                .flatMap(List::stream)
                .toList();
    }

    private static TourStep step(String operation, String title) {
        return TourStep.of(operation, title);
    }

    /** Requests a path for which twilio-java has no method. */
    private static Response raw(TwilioRestClient client, String path) {
        return Objects.requireNonNull(client.request(new Request(HttpMethod.GET, Domains.VIDEO.toString(), path)));
    }

    static List<TourStep> roomSteps() {
        return List.of(
                step("GET " + ROOMS, "wrong credentials")
                        .as("stranger")
                        .java((client, v) -> Room.reader().read(client))
                        .node("client.video.v1.rooms.list()")
                        .refuses(401, 20003),
                step("POST " + ROOMS, "a room with parameters of every type")
                        .java((client, v) -> Room.creator()
                                .setUniqueName(v.get("name"))
                                .setType(Room.RoomType.GROUP)
                                .setMaxParticipants(5)
                                .setMaxParticipantDuration(3600)
                                .setEmptyRoomTimeout(10)
                                .setUnusedRoomTimeout(20)
                                .setVideoCodecs(List.of(Room.VideoCodec.VP8, Room.VideoCodec.H264))
                                .setMediaRegion("us1")
                                .setStatusCallback(URI.create("http://127.0.0.1:9/events?tenant=42"))
                                .setStatusCallbackMethod(HttpMethod.GET)
                                .create(client))
                        .node("""
                            client.video.v1.rooms.create({
                              uniqueName: v.name, type: 'group', maxParticipants: 5, maxParticipantDuration: 3600,
                              emptyRoomTimeout: 10, unusedRoomTimeout: 20, videoCodecs: ['VP8', 'H264'],
                              mediaRegion: 'us1', statusCallback: 'http://127.0.0.1:9/events?tenant=42',
                              statusCallbackMethod: 'GET',
                            })\
                            """)
                        .answers(201)
                        .keeps("room", "/sid")
                        .matches("/sid", "RM[0-9a-f]{32}")
                        .has("/uniqueName", "{name}")
                        .has("/accountSid", "{account}")
                        .has("/status", "in-progress")
                        .has("/type", "group")
                        .has("/maxParticipants", 5)
                        .has("/maxParticipantDuration", 3600)
                        .has("/maxConcurrentPublishedTracks", 170)
                        .has("/emptyRoomTimeout", 10)
                        .has("/unusedRoomTimeout", 20)
                        .has("/videoCodecs/0", "VP8")
                        .has("/videoCodecs/1", "H264")
                        .has("/mediaRegion", "us1")
                        .has("/statusCallback", "http://127.0.0.1:9/events?tenant=42")
                        .has("/statusCallbackMethod", "GET")
                        .has("/recordParticipantsOnConnect", false)
                        .has("/audioOnly", false)
                        .has("/largeRoom", false)
                        .matches("/dateCreated", TIME)
                        .matches("/dateUpdated", TIME)
                        .matches("/url", "http://.*/v1/Rooms/{room}")
                        .matches("/links/participants", "http://.*/v1/Rooms/{room}/Participants")
                        .matches("/links/recording_rules", "http://.*/v1/Rooms/{room}/RecordingRules")
                        .hasNo("/endTime", "/duration"),
                step("POST " + ROOMS, "a name that is taken")
                        .java((client, v) ->
                                Room.creator().setUniqueName(v.get("name")).create(client))
                        .node("client.video.v1.rooms.create({ uniqueName: v.name })")
                        .refuses(400, 53113),
                step("POST " + ROOMS, "no participants")
                        .java((client, v) ->
                                Room.creator().setMaxParticipants(0).create(client))
                        .node("client.video.v1.rooms.create({ maxParticipants: 0 })")
                        .refuses(400, 53107),
                step("POST " + ROOMS, "a timeout out of range")
                        .java((client, v) ->
                                Room.creator().setUnusedRoomTimeout(61).create(client))
                        .node("client.video.v1.rooms.create({ unusedRoomTimeout: 61 })")
                        .refuses(400, 53109),
                step("POST " + ROOMS, "a duration out of range")
                        .java((client, v) ->
                                Room.creator().setMaxParticipantDuration(599).create(client))
                        .node("client.video.v1.rooms.create({ maxParticipantDuration: 599 })")
                        .refuses(400, 53123),
                step("POST " + ROOMS, "a callback that is no web address")
                        .java((client, v) -> Room.creator()
                                .setStatusCallback(URI.create("ftp://example.com/"))
                                .create(client))
                        .node("client.video.v1.rooms.create({ statusCallback: 'ftp://example.com/' })")
                        .refuses(400, 53111),
                step("POST " + ROOMS, "a name that is too long")
                        .java((client, v) ->
                                Room.creator().setUniqueName("x".repeat(129)).create(client))
                        .node("client.video.v1.rooms.create({ uniqueName: 'x'.repeat(129) })")
                        .refuses(400, 53101),
                step("POST " + ROOMS, "recording rules that are none")
                        .java((client, v) ->
                                Room.creator().setRecordingRules(NO_RULES).create(client))
                        .node("client.video.v1.rooms.create({ recordingRules: [{ type: 'include', all: false }] })")
                        .refuses(400, 53120),
                step("POST " + ROOMS, "a room without a name")
                        .java((client, v) -> Room.creator().create(client))
                        .node("client.video.v1.rooms.create()")
                        .answers(201)
                        .keeps("unnamed", "/sid")
                        .has("/uniqueName", "{unnamed}")
                        .has("/type", "group")
                        .has("/maxParticipants", 50)
                        .has("/statusCallbackMethod", "POST")
                        .hasNo("/statusCallback"),
                step("GET " + ROOMS, "all rooms in progress, in pages of one")
                        .java((client, v) -> Room.reader().pageSize(1).read(client))
                        .node("client.video.v1.rooms.list({ pageSize: 1 })")
                        .lists(2)
                        .has("/0/sid", "{unnamed}")
                        .has("/1/sid", "{room}"),
                step("GET " + ROOMS, "filters that match")
                        .java((client, v) -> Room.reader()
                                .setUniqueName(v.get("name"))
                                .setStatus(Room.RoomStatus.IN_PROGRESS)
                                .setDateCreatedAfter(
                                        ZonedDateTime.now(ZoneOffset.UTC).minusDays(1))
                                .setDateCreatedBefore(
                                        ZonedDateTime.now(ZoneOffset.UTC).plusDays(1))
                                .read(client))
                        .node("""
                            client.video.v1.rooms.list({
                              uniqueName: v.name, status: 'in-progress',
                              dateCreatedAfter: new Date(Date.now() - 86400000),
                              dateCreatedBefore: new Date(Date.now() + 86400000),
                            })\
                            """)
                        .lists(1)
                        .has("/0/sid", "{room}"),
                step("GET " + ROOMS, "filters that do not match")
                        .java((client, v) -> Room.reader()
                                .setUniqueName(v.get("name"))
                                .setDateCreatedBefore(
                                        ZonedDateTime.now(ZoneOffset.UTC).minusDays(1))
                                .read(client))
                        .node("""
                            client.video.v1.rooms.list({
                              uniqueName: v.name, dateCreatedBefore: new Date(Date.now() - 86400000),
                            })\
                            """)
                        .lists(0),
                step("GET " + ROOM, "a room by its name")
                        .java((client, v) -> Room.fetcher(v.get("name")).fetch(client))
                        .node("client.video.v1.rooms(v.name).fetch()")
                        .has("/sid", "{room}"),
                step("GET " + ROOM, "a room by its SID")
                        .java((client, v) -> Room.fetcher(v.get("room")).fetch(client))
                        .node("client.video.v1.rooms(v.room).fetch()")
                        .has("/uniqueName", "{name}"),
                step("GET " + ROOM, "a name that no room has")
                        .java((client, v) -> Room.fetcher("no such room").fetch(client))
                        .node("client.video.v1.rooms('no such room').fetch()")
                        .refuses(404, 20404),
                step("GET " + ROOM, "a SID that no room has")
                        .java((client, v) -> Room.fetcher(v.get("noRoom")).fetch(client))
                        .node("client.video.v1.rooms(v.noRoom).fetch()")
                        .refuses(404, 20404),
                step("POST " + ROOM, "a status that a room cannot be given")
                        .java((client, v) -> Room.updater(v.get("name"), Room.RoomStatus.FAILED)
                                .update(client))
                        .node("client.video.v1.rooms(v.name).update({ status: 'failed' })")
                        .refuses(400, 53112),
                step("POST " + ROOM, "the end of a room that does not exist")
                        .java((client, v) -> Room.updater(v.get("noRoom"), Room.RoomStatus.COMPLETED)
                                .update(client))
                        .node("client.video.v1.rooms(v.noRoom).update({ status: 'completed' })")
                        .refuses(404, 20404),
                step("POST " + ROOM, "the end of the room without a name")
                        .java((client, v) -> Room.updater(v.get("unnamed"), Room.RoomStatus.COMPLETED)
                                .update(client))
                        .node("client.video.v1.rooms(v.unnamed).update({ status: 'completed' })")
                        .answers(202)
                        .has("/status", "completed")
                        .matches("/endTime", TIME)
                        .matches("/duration", "\\d+"));
    }

    /** Before these steps Alice and Bob join. */
    static List<TourStep> participantSteps() {
        return List.of(
                step("GET " + PARTICIPANTS, "everybody, in pages of one")
                        .java((client, v) ->
                                Participant.reader(v.get("name")).pageSize(1).read(client))
                        .node("client.video.v1.rooms(v.name).participants.list({ pageSize: 1 })")
                        .lists(2)
                        .has("/0/sid", "{bob}")
                        .has("/1/sid", "{alice}"),
                step("GET " + PARTICIPANTS, "filters that match")
                        .java((client, v) -> Participant.reader(v.get("room"))
                                .setIdentity("alice")
                                .setStatus(Participant.Status.CONNECTED)
                                .setDateCreatedAfter(
                                        ZonedDateTime.now(ZoneOffset.UTC).minusDays(1))
                                .read(client))
                        .node("""
                            client.video.v1.rooms(v.room).participants.list({
                              identity: 'alice', status: 'connected',
                              dateCreatedAfter: new Date(Date.now() - 86400000),
                            })\
                            """)
                        .lists(1)
                        .has("/0/sid", "{alice}"),
                step("GET " + PARTICIPANTS, "nobody has left yet")
                        .java((client, v) -> Participant.reader(v.get("room"))
                                .setStatus(Participant.Status.DISCONNECTED)
                                .read(client))
                        .node("client.video.v1.rooms(v.room).participants.list({ status: 'disconnected' })")
                        .lists(0),
                step("GET " + PARTICIPANTS, "a room that does not exist")
                        .java((client, v) -> Participant.reader(v.get("noRoom")).read(client))
                        .node("client.video.v1.rooms(v.noRoom).participants.list()")
                        .refuses(404, 20404),
                step("GET " + PARTICIPANT, "by identity")
                        .java((client, v) ->
                                Participant.fetcher(v.get("name"), "alice").fetch(client))
                        .node("client.video.v1.rooms(v.name).participants('alice').fetch()")
                        .has("/sid", "{alice}")
                        .has("/roomSid", "{room}")
                        .has("/accountSid", "{account}")
                        .has("/status", "connected")
                        .has("/identity", "alice")
                        .matches("/dateCreated", TIME)
                        .matches("/dateUpdated", TIME)
                        .matches("/startTime", TIME)
                        .matches("/url", "http://.*/v1/Rooms/{room}/Participants/{alice}")
                        .matches("/links/subscribe_rules", ".*/Participants/{alice}/SubscribeRules")
                        .hasNo("/endTime", "/duration"),
                step("GET " + PARTICIPANT, "by SID")
                        .java((client, v) ->
                                Participant.fetcher(v.get("room"), v.get("bob")).fetch(client))
                        .node("client.video.v1.rooms(v.room).participants(v.bob).fetch()")
                        .has("/identity", "bob"),
                step("GET " + PARTICIPANT, "somebody who is not there")
                        .java((client, v) ->
                                Participant.fetcher(v.get("room"), "mallory").fetch(client))
                        .node("client.video.v1.rooms(v.room).participants('mallory').fetch()")
                        .refuses(404, 20404),
                step("POST " + PARTICIPANT + "/Anonymize", "somebody who is still there")
                        .java((client, v) ->
                                Anonymize.updater(v.get("room"), "alice").update(client))
                        .node("client.video.v1.rooms(v.room).participants('alice').anonymize().update()")
                        .refuses(400, 53209));
    }

    static List<TourStep> trackSteps() {
        return List.of(
                step("GET " + PARTICIPANT + "/PublishedTracks", "the tracks of Alice, in pages of two")
                        .java((client, v) -> PublishedTrack.reader(v.get("name"), "alice")
                                .pageSize(2)
                                .read(client))
                        .node("client.video.v1.rooms(v.name).participants('alice').publishedTracks.list({ pageSize:"
                                + " 2 })")
                        .lists(3),
                step("GET " + PARTICIPANT + "/PublishedTracks", "Bob publishes nothing")
                        .java((client, v) -> PublishedTrack.reader(v.get("room"), v.get("bob"))
                                .read(client))
                        .node("client.video.v1.rooms(v.room).participants(v.bob).publishedTracks.list()")
                        .lists(0),
                step("GET " + PARTICIPANT + "/PublishedTracks/{Track}", "a track by its name")
                        .java((client, v) -> PublishedTrack.fetcher(v.get("name"), "alice", "camera")
                                .fetch(client))
                        .node("client.video.v1.rooms(v.name).participants('alice').publishedTracks('camera').fetch()")
                        .keeps("camera", "/sid")
                        .matches("/sid", "MT[0-9a-f]{32}")
                        .has("/participantSid", "{alice}")
                        .has("/roomSid", "{room}")
                        .has("/name", "camera")
                        .has("/kind", "video")
                        .has("/enabled", true)
                        .matches("/dateCreated", TIME)
                        .matches("/url", "http://.*/PublishedTracks/{camera}")
                        .hasNo("/dateUpdated"),
                step("GET " + PARTICIPANT + "/PublishedTracks/{Track}", "a track by its SID")
                        .java((client, v) -> PublishedTrack.fetcher(v.get("room"), v.get("alice"), v.get("camera"))
                                .fetch(client))
                        .node("client.video.v1.rooms(v.room).participants(v.alice).publishedTracks(v.camera).fetch()")
                        .has("/name", "camera"),
                step("GET " + PARTICIPANT + "/PublishedTracks/{Track}", "a track that Alice does not publish")
                        .java((client, v) -> PublishedTrack.fetcher(v.get("room"), "alice", "screen")
                                .fetch(client))
                        .node("client.video.v1.rooms(v.room).participants('alice').publishedTracks('screen').fetch()")
                        .refuses(404, 20404),
                step("GET " + PARTICIPANT + "/SubscribedTracks", "the tracks that Bob receives")
                        .java((client, v) ->
                                SubscribedTrack.reader(v.get("name"), "bob").read(client))
                        .node("client.video.v1.rooms(v.name).participants('bob').subscribedTracks.list()")
                        .lists(3)
                        .has("/0/participantSid", "{bob}")
                        .has("/0/publisherSid", "{alice}"),
                step("GET " + PARTICIPANT + "/SubscribedTracks/{Track}", "one of them")
                        .java((client, v) -> SubscribedTrack.fetcher(v.get("room"), v.get("bob"), v.get("camera"))
                                .fetch(client))
                        .node("client.video.v1.rooms(v.room).participants(v.bob).subscribedTracks(v.camera).fetch()")
                        .has("/sid", "{camera}")
                        .has("/participantSid", "{bob}")
                        .has("/publisherSid", "{alice}")
                        .has("/roomSid", "{room}")
                        .has("/name", "camera")
                        .has("/kind", "video")
                        .has("/enabled", true)
                        .matches("/dateCreated", TIME)
                        .hasNo("/dateUpdated"),
                step("GET " + PARTICIPANT + "/SubscribedTracks/{Track}", "a track that he does not receive")
                        .java((client, v) -> SubscribedTrack.fetcher(v.get("room"), "bob", v.get("noTrack"))
                                .fetch(client))
                        .node("client.video.v1.rooms(v.room).participants('bob').subscribedTracks(v.noTrack).fetch()")
                        .refuses(404, 20404));
    }

    static List<TourStep> ruleSteps() {
        return List.of(
                step("GET " + PARTICIPANT + "/SubscribeRules", "the rules that everybody begins with")
                        .java((client, v) ->
                                SubscribeRules.fetcher(v.get("name"), "bob").fetch(client))
                        .node("client.video.v1.rooms(v.name).participants('bob').subscribeRules.fetch()")
                        .has("/participantSid", "{bob}")
                        .has("/roomSid", "{room}")
                        .has("/rules/0/type", "include")
                        .has("/rules/0/all", true)
                        .hasNo("/dateCreated", "/dateUpdated"),
                step("POST " + PARTICIPANT + "/SubscribeRules", "only data from now on")
                        .java((client, v) -> SubscribeRules.updater(v.get("room"), v.get("bob"))
                                .setRules(DATA_ONLY)
                                .update(client))
                        .node("""
                            client.video.v1.rooms(v.room).participants(v.bob).subscribeRules.update({
                              rules: [{ type: 'include', kind: 'data' }],
                            })\
                            """)
                        .has("/rules/0/type", "include")
                        .has("/rules/0/kind", "data")
                        .matches("/dateCreated", TIME)
                        .matches("/dateUpdated", TIME),
                step("GET " + PARTICIPANT + "/SubscribedTracks", "the rules have taken effect")
                        .java((client, v) ->
                                SubscribedTrack.reader(v.get("name"), "bob").read(client))
                        .node("client.video.v1.rooms(v.name).participants('bob').subscribedTracks.list()")
                        .lists(1)
                        .has("/0/kind", "data"),
                step("POST " + PARTICIPANT + "/SubscribeRules", "a rule that is none")
                        .java((client, v) -> SubscribeRules.updater(v.get("room"), "bob")
                                .setRules(NO_RULES)
                                .update(client))
                        .node("""
                            client.video.v1.rooms(v.room).participants('bob').subscribeRules.update({
                              rules: [{ type: 'include', all: false }],
                            })\
                            """)
                        .refuses(400, 53215),
                step("GET " + PARTICIPANT + "/SubscribeRules", "somebody who is not there")
                        .java((client, v) ->
                                SubscribeRules.fetcher(v.get("room"), "mallory").fetch(client))
                        .node("client.video.v1.rooms(v.room).participants('mallory').subscribeRules.fetch()")
                        .refuses(404, 20404),
                step("GET " + ROOM + "/RecordingRules", "the rules that a room begins with")
                        .java((client, v) ->
                                RecordingRules.fetcher(v.get("name")).fetch(client))
                        .node("client.video.v1.rooms(v.name).recordingRules.fetch()")
                        .has("/roomSid", "{room}")
                        .has("/rules/0/type", "exclude")
                        .has("/rules/0/all", true),
                step("POST " + ROOM + "/RecordingRules", "sound only")
                        .java((client, v) -> RecordingRules.updater(v.get("room"))
                                .setRules(AUDIO_ONLY)
                                .update(client))
                        .node("""
                            client.video.v1.rooms(v.room).recordingRules.update({
                              rules: [{ type: 'include', kind: 'audio' }],
                            })\
                            """)
                        .has("/rules/0/type", "include")
                        .has("/rules/0/kind", "audio")
                        .matches("/dateCreated", TIME)
                        .matches("/dateUpdated", TIME),
                step("POST " + ROOM + "/RecordingRules", "a kind that is never recorded")
                        .java((client, v) -> RecordingRules.updater(v.get("room"))
                                .setRules(RECORD_DATA)
                                .update(client))
                        .node("""
                            client.video.v1.rooms(v.room).recordingRules.update({
                              rules: [{ type: 'include', kind: 'data' }],
                            })\
                            """)
                        .refuses(400, 53120),
                step("POST " + ROOM + "/RecordingRules", "nothing again")
                        .java((client, v) -> RecordingRules.updater(v.get("room"))
                                .setRules(NONE)
                                .update(client))
                        .node("""
                            client.video.v1.rooms(v.room).recordingRules.update({
                              rules: [{ type: 'exclude', all: true }],
                            })\
                            """)
                        .has("/rules/0/type", "exclude"),
                step("GET " + ROOM + "/RecordingRules", "a room that does not exist")
                        .java((client, v) ->
                                RecordingRules.fetcher(v.get("noRoom")).fetch(client))
                        .node("client.video.v1.rooms(v.noRoom).recordingRules.fetch()")
                        .refuses(404, 20404));
    }

    /** In these steps Bob is removed. */
    static List<TourStep> departureSteps() {
        return List.of(
                step("POST " + PARTICIPANT, "a status that a participant cannot be given")
                        .java((client, v) -> Participant.updater(v.get("room"), "bob")
                                .setStatus(Participant.Status.CONNECTED)
                                .update(client))
                        .node("client.video.v1.rooms(v.room).participants('bob').update({ status: 'connected' })")
                        .refuses(400, 53209),
                step("POST " + PARTICIPANT, "somebody who is not there")
                        .java((client, v) -> Participant.updater(v.get("room"), v.get("noParticipant"))
                                .setStatus(Participant.Status.DISCONNECTED)
                                .update(client))
                        .node("client.video.v1.rooms(v.room).participants(v.noParticipant).update({ status:"
                                + " 'disconnected' })")
                        .refuses(404, 20404),
                step("POST " + PARTICIPANT, "Bob is removed")
                        .java((client, v) -> Participant.updater(v.get("name"), "bob")
                                .setStatus(Participant.Status.DISCONNECTED)
                                .update(client))
                        .node("client.video.v1.rooms(v.name).participants('bob').update({ status: 'disconnected' })")
                        .answers(202)
                        .has("/sid", "{bob}")
                        .has("/status", "disconnected")
                        .matches("/endTime", TIME)
                        .matches("/duration", "\\d+"),
                step("GET " + PARTICIPANT, "Bob's identity finds nobody any more")
                        .java((client, v) ->
                                Participant.fetcher(v.get("room"), "bob").fetch(client))
                        .node("client.video.v1.rooms(v.room).participants('bob').fetch()")
                        .refuses(404, 20404),
                step("GET " + PARTICIPANTS, "those who have left")
                        .java((client, v) -> Participant.reader(v.get("room"))
                                .setStatus(Participant.Status.DISCONNECTED)
                                .read(client))
                        .node("client.video.v1.rooms(v.room).participants.list({ status: 'disconnected' })")
                        .lists(1)
                        .has("/0/identity", "bob"),
                step("POST " + PARTICIPANT + "/Anonymize", "Bob's identity is erased")
                        .java((client, v) ->
                                Anonymize.updater(v.get("room"), v.get("bob")).update(client))
                        .node("client.video.v1.rooms(v.room).participants(v.bob).anonymize().update()")
                        .has("/sid", "{bob}")
                        .has("/identity", "{bob}")
                        .has("/status", "disconnected")
                        .matches("/url", ".*/Participants/{bob}/Anonymize"),
                step("GET " + PARTICIPANT, "the participant is still there, without his identity")
                        .java((client, v) ->
                                Participant.fetcher(v.get("room"), v.get("bob")).fetch(client))
                        .node("client.video.v1.rooms(v.room).participants(v.bob).fetch()")
                        .has("/identity", "{bob}"));
    }

    /** There is no recorder and no transcriber yet: lists are empty, and creating is refused. */
    static List<TourStep> recordingSteps() {
        return List.of(
                step("GET " + ROOM + "/Recordings", "an empty list")
                        .java((client, v) -> RoomRecording.reader(v.get("name")).read(client))
                        .node("client.video.v1.rooms(v.name).recordings.list()")
                        .lists(0),
                step("GET " + ROOM + "/Recordings", "a room that does not exist")
                        .java((client, v) ->
                                RoomRecording.reader(v.get("noRoom")).read(client))
                        .node("client.video.v1.rooms(v.noRoom).recordings.list()")
                        .refuses(404, 20404),
                step("GET " + ROOM + "/Recordings/{Recording}", "no recording")
                        .java((client, v) -> RoomRecording.fetcher(v.get("room"), v.get("noRecording"))
                                .fetch(client))
                        .node("client.video.v1.rooms(v.room).recordings(v.noRecording).fetch()")
                        .refuses(404, 20404),
                step("DELETE " + ROOM + "/Recordings/{Recording}", "no recording")
                        .java((client, v) -> RoomRecording.deleter(v.get("room"), v.get("noRecording"))
                                .delete(client))
                        .node("client.video.v1.rooms(v.room).recordings(v.noRecording).remove()")
                        .refuses(404, 20404),
                step("GET " + ROOM + "/Recordings/{Recording}/Media", "no recording")
                        .java((client, v) -> raw(client, v.fill("/v1/Rooms/{room}/Recordings/{noRecording}/Media")))
                        .node("raw(client, 'get', `/v1/Rooms/${v.room}/Recordings/${v.noRecording}/Media`)")
                        .refuses(404, 20404),
                step("GET " + ROOM + "/Transcriptions", "an empty list")
                        .java((client, v) ->
                                Transcriptions.reader(v.get("name")).read(client))
                        .node("client.video.v1.rooms(v.name).transcriptions.list()")
                        .lists(0),
                step("POST " + ROOM + "/Transcriptions", "not available")
                        .java((client, v) ->
                                Transcriptions.creator(v.get("room")).create(client))
                        .node("client.video.v1.rooms(v.room).transcriptions.create()")
                        .refuses(404, 20404),
                step("GET " + ROOM + "/Transcriptions/{Transcription}", "no transcription")
                        .java((client, v) -> Transcriptions.fetcher(v.get("room"), "video_extension_1")
                                .fetch(client))
                        .node("client.video.v1.rooms(v.room).transcriptions('video_extension_1').fetch()")
                        .refuses(404, 20404),
                step("POST " + ROOM + "/Transcriptions/{Transcription}", "no transcription")
                        .java((client, v) -> Transcriptions.updater(v.get("room"), "video_extension_1")
                                .update(client))
                        .node("client.video.v1.rooms(v.room).transcriptions('video_extension_1').update()")
                        .refuses(404, 20404),
                step("GET /v1/Recordings", "an empty list, with filters")
                        .java((client, v) -> Recording.reader()
                                .setStatus(Recording.Status.COMPLETED)
                                .setGroupingSid(List.of(v.get("room"), v.get("alice")))
                                .setDateCreatedAfter(
                                        ZonedDateTime.now(ZoneOffset.UTC).minusDays(1))
                                .limit(2500)
                                .read(client))
                        .node("""
                            client.video.v1.recordings.list({
                              status: 'completed', groupingSid: [v.room, v.alice], limit: 2500,
                              dateCreatedAfter: new Date(Date.now() - 86400000),
                            })\
                            """)
                        .lists(0),
                step("GET /v1/Recordings/{Recording}", "no recording")
                        .java((client, v) ->
                                Recording.fetcher(v.get("noRecording")).fetch(client))
                        .node("client.video.v1.recordings(v.noRecording).fetch()")
                        .refuses(404, 20404),
                step("DELETE /v1/Recordings/{Recording}", "no recording")
                        .java((client, v) ->
                                Recording.deleter(v.get("noRecording")).delete(client))
                        .node("client.video.v1.recordings(v.noRecording).remove()")
                        .refuses(404, 20404),
                step("GET /v1/Recordings/{Recording}/Media", "no recording")
                        .java((client, v) -> raw(client, v.fill("/v1/Recordings/{noRecording}/Media")))
                        .node("raw(client, 'get', `/v1/Recordings/${v.noRecording}/Media`)")
                        .refuses(404, 20404),
                step("GET /v1/RecordingSettings/Default", "nothing is set")
                        .java((client, v) -> RecordingSettings.fetcher().fetch(client))
                        .node("client.video.v1.recordingSettings().fetch()")
                        .has("/accountSid", "{account}")
                        .has("/awsStorageEnabled", false)
                        .has("/encryptionEnabled", false)
                        .hasNo("/friendlyName", "/awsCredentialsSid", "/awsS3Url", "/encryptionKeySid"),
                step("POST /v1/RecordingSettings/Default", "not available")
                        .java((client, v) -> RecordingSettings.creator("mine").create(client))
                        .node("client.video.v1.recordingSettings().create({ friendlyName: 'mine' })")
                        .refuses(404, 20404));
    }

    /** There is no composer yet: lists are empty, and creating is refused. */
    static List<TourStep> compositionSteps() {
        return List.of(
                step("GET /v1/Compositions", "an empty list, with filters")
                        .java((client, v) -> Composition.reader()
                                .setRoomSid(v.get("room"))
                                .setStatus(Composition.Status.COMPLETED)
                                .read(client))
                        .node("client.video.v1.compositions.list({ roomSid: v.room, status: 'completed' })")
                        .lists(0),
                step("POST /v1/Compositions", "not available")
                        .java((client, v) -> Composition.creator(v.get("room"))
                                .setAudioSources(List.of("*"))
                                .create(client))
                        .node("client.video.v1.compositions.create({ roomSid: v.room, audioSources: ['*'] })")
                        .refuses(404, 20404),
                step("GET /v1/Compositions/{Composition}", "no composition")
                        .java((client, v) ->
                                Composition.fetcher(v.get("noComposition")).fetch(client))
                        .node("client.video.v1.compositions(v.noComposition).fetch()")
                        .refuses(404, 20404),
                step("DELETE /v1/Compositions/{Composition}", "no composition")
                        .java((client, v) ->
                                Composition.deleter(v.get("noComposition")).delete(client))
                        .node("client.video.v1.compositions(v.noComposition).remove()")
                        .refuses(404, 20404),
                step("GET /v1/Compositions/{Composition}/Media", "no composition")
                        .java((client, v) -> raw(client, v.fill("/v1/Compositions/{noComposition}/Media")))
                        .node("raw(client, 'get', `/v1/Compositions/${v.noComposition}/Media`)")
                        .refuses(404, 20404),
                step("GET /v1/CompositionHooks", "an empty list, with filters")
                        .java((client, v) -> CompositionHook.reader()
                                .setEnabled(true)
                                .setFriendlyName("*")
                                .read(client))
                        .node("client.video.v1.compositionHooks.list({ enabled: true, friendlyName: '*' })")
                        .lists(0),
                step("POST /v1/CompositionHooks", "not available")
                        .java((client, v) -> CompositionHook.creator("mine").create(client))
                        .node("client.video.v1.compositionHooks.create({ friendlyName: 'mine' })")
                        .refuses(404, 20404),
                step("GET /v1/CompositionHooks/{Hook}", "no hook")
                        .java((client, v) ->
                                CompositionHook.fetcher(v.get("noHook")).fetch(client))
                        .node("client.video.v1.compositionHooks(v.noHook).fetch()")
                        .refuses(404, 20404),
                step("POST /v1/CompositionHooks/{Hook}", "no hook")
                        .java((client, v) ->
                                CompositionHook.updater(v.get("noHook"), "mine").update(client))
                        .node("client.video.v1.compositionHooks(v.noHook).update({ friendlyName: 'mine' })")
                        .refuses(404, 20404),
                step("DELETE /v1/CompositionHooks/{Hook}", "no hook")
                        .java((client, v) ->
                                CompositionHook.deleter(v.get("noHook")).delete(client))
                        .node("client.video.v1.compositionHooks(v.noHook).remove()")
                        .refuses(404, 20404),
                step("GET /v1/CompositionSettings/Default", "nothing is set")
                        .java((client, v) -> CompositionSettings.fetcher().fetch(client))
                        .node("client.video.v1.compositionSettings().fetch()")
                        .has("/accountSid", "{account}")
                        .has("/awsStorageEnabled", false)
                        .hasNo("/friendlyName"),
                step("POST /v1/CompositionSettings/Default", "not available")
                        .java((client, v) -> CompositionSettings.creator("mine").create(client))
                        .node("client.video.v1.compositionSettings().create({ friendlyName: 'mine' })")
                        .refuses(404, 20404));
    }

    /** There are no reports about rooms yet. */
    static List<TourStep> reportSteps() {
        return List.of(
                step("GET /v1/Video/Rooms", "an empty list, with filters")
                        .java((client, v) -> com.twilio.rest.insights.v1.Room.reader()
                                .setRoomName(v.get("name"))
                                .read(client))
                        .node("client.insights.v1.rooms.list({ roomName: v.name })")
                        .lists(0),
                step("GET /v1/Video/Rooms/{Room}", "no report")
                        .java((client, v) -> com.twilio.rest.insights.v1.Room.fetcher(v.get("room"))
                                .fetch(client))
                        .node("client.insights.v1.rooms(v.room).fetch()")
                        .refuses(404, 20404),
                step("GET /v1/Video/Rooms/{Room}/Participants", "no report")
                        .java((client, v) -> com.twilio.rest.insights.v1.room.Participant.reader(v.get("room"))
                                .read(client))
                        .node("client.insights.v1.rooms(v.room).participants.list()")
                        .refuses(404, 20404),
                step("GET /v1/Video/Rooms/{Room}/Participants/{Participant}", "no report")
                        .java((client, v) -> com.twilio.rest.insights.v1.room.Participant.fetcher(
                                        v.get("room"), v.get("alice"))
                                .fetch(client))
                        .node("client.insights.v1.rooms(v.room).participants(v.alice).fetch()")
                        .refuses(404, 20404));
    }

    /** In these steps the room ends, and Alice with it. */
    static List<TourStep> endSteps() {
        return List.of(
                step("POST " + ROOM, "the end of the room")
                        .java((client, v) -> Room.updater(v.get("name"), Room.RoomStatus.COMPLETED)
                                .update(client))
                        .node("client.video.v1.rooms(v.name).update({ status: 'completed' })")
                        .answers(202)
                        .has("/sid", "{room}")
                        .has("/status", "completed")
                        .matches("/endTime", TIME)
                        .matches("/duration", "\\d+"),
                step("GET " + ROOM, "the name is free again")
                        .java((client, v) -> Room.fetcher(v.get("name")).fetch(client))
                        .node("client.video.v1.rooms(v.name).fetch()")
                        .refuses(404, 20404),
                step("GET " + ROOM, "the SID still finds the room")
                        .java((client, v) -> Room.fetcher(v.get("room")).fetch(client))
                        .node("client.video.v1.rooms(v.room).fetch()")
                        .has("/status", "completed")
                        .matches("/endTime", TIME),
                step("GET " + ROOMS, "completed rooms are listed if asked for")
                        .java((client, v) -> Room.reader()
                                .setStatus(Room.RoomStatus.COMPLETED)
                                .setUniqueName(v.get("name"))
                                .read(client))
                        .node("client.video.v1.rooms.list({ status: 'completed', uniqueName: v.name })")
                        .lists(1)
                        .has("/0/sid", "{room}"),
                step("GET " + PARTICIPANTS, "everybody who was there, in pages of one")
                        .java((client, v) ->
                                Participant.reader(v.get("room")).pageSize(1).read(client))
                        .node("client.video.v1.rooms(v.room).participants.list({ pageSize: 1 })")
                        .lists(2)
                        .has("/0/sid", "{bob}")
                        .has("/0/identity", "{bob}")
                        .has("/1/sid", "{alice}")
                        .has("/1/status", "disconnected"),
                step("GET " + PARTICIPANT + "/PublishedTracks", "nobody publishes in a room that has ended")
                        .java((client, v) -> PublishedTrack.reader(v.get("room"), v.get("alice"))
                                .read(client))
                        .node("client.video.v1.rooms(v.room).participants(v.alice).publishedTracks.list()")
                        .lists(0),
                step("POST " + ROOM + "/RecordingRules", "rules for a room that has ended")
                        .java((client, v) -> RecordingRules.updater(v.get("room"))
                                .setRules(NONE)
                                .update(client))
                        .node("""
                            client.video.v1.rooms(v.room).recordingRules.update({
                              rules: [{ type: 'exclude', all: true }],
                            })\
                            """)
                        .refuses(400, 53118));
    }

    static List<TourStep> accountSteps() {
        return List.of(
                step("POST " + ACCOUNTS, "a subaccount")
                        .java((client, v) -> Account.creator()
                                .setFriendlyName("sub of " + v.get("name"))
                                .create(client))
                        .node("client.api.v2010.accounts.create({ friendlyName: `sub of ${v.name}` })")
                        .answers(201)
                        .keeps("sub", "/sid")
                        .keeps("subToken", "/authToken")
                        .matches("/sid", "AC[0-9a-f]{32}")
                        .has("/friendlyName", "sub of {name}")
                        .has("/ownerAccountSid", "{account}")
                        .has("/status", "active")
                        .matches("/authToken", "[0-9a-f]{32}")
                        .matches("/dateCreated", TIME),
                step("POST " + ACCOUNTS, "a name that is too long")
                        .java((client, v) -> Account.creator()
                                .setFriendlyName("x".repeat(65))
                                .create(client))
                        .node("client.api.v2010.accounts.create({ friendlyName: 'x'.repeat(65) })")
                        .refuses(400, 20002),
                step("GET " + ACCOUNTS, "the newest account first, in pages of one")
                        .java((client, v) ->
                                Account.reader().pageSize(1).limit(2).read(client))
                        .node("client.api.v2010.accounts.list({ pageSize: 1, limit: 2 })")
                        .lists(2)
                        .has("/0/sid", "{sub}"),
                step("GET " + SUBACCOUNT, "the subaccount")
                        .java((client, v) -> Account.fetcher(v.get("sub")).fetch(client))
                        .node("client.api.v2010.accounts(v.sub).fetch()")
                        .has("/sid", "{sub}")
                        .has("/authToken", "{subToken}"),
                step("GET " + SUBACCOUNT, "an account that does not exist")
                        .java((client, v) -> Account.fetcher(v.get("noAccount")).fetch(client))
                        .node("client.api.v2010.accounts(v.noAccount).fetch()")
                        .refuses(404, 20404),
                step("POST " + SUBACCOUNT, "another name")
                        .java((client, v) -> Account.updater(v.get("sub"))
                                .setFriendlyName("renamed")
                                .update(client))
                        .node("client.api.v2010.accounts(v.sub).update({ friendlyName: 'renamed' })")
                        .has("/friendlyName", "renamed"),
                step("POST " + SUBACCOUNT, "the subaccount is suspended")
                        .java((client, v) -> Account.updater(v.get("sub"))
                                .setStatus(Account.Status.SUSPENDED)
                                .update(client))
                        .node("client.api.v2010.accounts(v.sub).update({ status: 'suspended' })")
                        .has("/status", "suspended"),
                step("GET " + ROOMS, "a suspended account may do nothing")
                        .as("sub")
                        .java((client, v) -> Room.reader().read(client))
                        .node("client.video.v1.rooms.list()")
                        .refuses(403, 20005),
                step("POST " + SUBACCOUNT, "the subaccount is active again")
                        .java((client, v) -> Account.updater(v.get("sub"))
                                .setStatus(Account.Status.ACTIVE)
                                .update(client))
                        .node("client.api.v2010.accounts(v.sub).update({ status: 'active' })")
                        .has("/status", "active"),
                step("GET " + ROOM, "a subaccount does not see the rooms of its parent")
                        .as("sub")
                        .java((client, v) -> Room.fetcher(v.get("room")).fetch(client))
                        .node("client.video.v1.rooms(v.room).fetch()")
                        .refuses(404, 20404));
    }

    static List<TourStep> keySteps() {
        String keys = "/2010-04-01/Accounts/{Account}/Keys";
        String signing = "/2010-04-01/Accounts/{Account}/SigningKeys";
        return List.of(
                step("POST " + keys + ".json", "a key")
                        .java((client, v) ->
                                NewKey.creator().setFriendlyName("a key").create(client))
                        .node("client.api.v2010.accounts(v.account).newKeys.create({ friendlyName: 'a key' })")
                        .answers(201)
                        .keeps("key", "/sid")
                        .matches("/sid", "SK[0-9a-f]{32}")
                        .matches("/secret", "[0-9A-Za-z]{32}")
                        .has("/friendlyName", "a key")
                        .matches("/dateCreated", TIME)
                        .matches("/dateUpdated", TIME),
                step("GET " + keys + ".json", "the newest key first, in pages of one")
                        .java((client, v) -> Key.reader().pageSize(1).limit(1).read(client))
                        .node("client.api.v2010.accounts(v.account).keys.list({ pageSize: 1, limit: 1 })")
                        .lists(1)
                        .has("/0/sid", "{key}"),
                step("GET " + keys + "/{Key}.json", "the key, without its secret")
                        .java((client, v) -> Key.fetcher(v.get("key")).fetch(client))
                        .node("client.api.v2010.accounts(v.account).keys(v.key).fetch()")
                        .has("/friendlyName", "a key"),
                step("GET " + keys + "/{Key}.json", "a key that does not exist")
                        .java((client, v) -> Key.fetcher(v.get("noKey")).fetch(client))
                        .node("client.api.v2010.accounts(v.account).keys(v.noKey).fetch()")
                        .refuses(404, 20404),
                step("POST " + keys + "/{Key}.json", "another name")
                        .java((client, v) -> Key.updater(v.get("key"))
                                .setFriendlyName("renamed")
                                .update(client))
                        .node("client.api.v2010.accounts(v.account).keys(v.key).update({ friendlyName: 'renamed' })")
                        .has("/friendlyName", "renamed"),
                step("DELETE " + keys + "/{Key}.json", "the key is revoked")
                        .java((client, v) -> Key.deleter(v.get("key")).delete(client))
                        .node("client.api.v2010.accounts(v.account).keys(v.key).remove()")
                        .answers(204)
                        .has("", true),
                step("DELETE " + keys + "/{Key}.json", "a key can be revoked once")
                        .java((client, v) -> Key.deleter(v.get("key")).delete(client))
                        .node("client.api.v2010.accounts(v.account).keys(v.key).remove()")
                        .refuses(404, 20404),
                step("POST " + signing + ".json", "a signing key of the subaccount, by its parent")
                        .java((client, v) -> NewSigningKey.creator(v.get("sub"))
                                .setFriendlyName("a signing key")
                                .create(client))
                        .node("client.api.v2010.accounts(v.sub).newSigningKeys.create({ friendlyName: 'a signing"
                                + " key' })")
                        .answers(201)
                        .keeps("signingKey", "/sid")
                        .matches("/secret", "[0-9A-Za-z]{32}"),
                step("GET " + signing + ".json", "the only key of the subaccount")
                        .java((client, v) -> SigningKey.reader(v.get("sub")).read(client))
                        .node("client.api.v2010.accounts(v.sub).signingKeys.list()")
                        .lists(1)
                        .has("/0/sid", "{signingKey}"),
                step("GET " + signing + "/{Key}.json", "the signing key")
                        .java((client, v) -> SigningKey.fetcher(v.get("sub"), v.get("signingKey"))
                                .fetch(client))
                        .node("client.api.v2010.accounts(v.sub).signingKeys(v.signingKey).fetch()")
                        .has("/friendlyName", "a signing key"),
                step("POST " + signing + "/{Key}.json", "another name")
                        .java((client, v) -> SigningKey.updater(v.get("sub"), v.get("signingKey"))
                                .setFriendlyName("renamed")
                                .update(client))
                        .node("client.api.v2010.accounts(v.sub).signingKeys(v.signingKey).update({ friendlyName:"
                                + " 'renamed' })")
                        .has("/friendlyName", "renamed"),
                step("DELETE " + signing + "/{Key}.json", "the signing key is revoked")
                        .java((client, v) -> SigningKey.deleter(v.get("sub"), v.get("signingKey"))
                                .delete(client))
                        .node("client.api.v2010.accounts(v.sub).signingKeys(v.signingKey).remove()")
                        .answers(204)
                        .has("", true));
    }

    /** In these steps the subaccount exchanges its auth token. */
    static List<TourStep> tokenSteps() {
        String secondary = "/v1/AuthTokens/Secondary";
        return List.of(
                step("POST " + secondary, "the tokens of the configuration are exchanged there")
                        .java((client, v) -> SecondaryAuthToken.creator().create(client))
                        .node("client.accounts.v1.secondaryAuthToken().create()")
                        .refuses(409, 20409),
                step("POST /v1/AuthTokens/Promote", "there is no second token yet")
                        .as("sub")
                        .java((client, v) -> AuthTokenPromotion.updater().update(client))
                        .node("client.accounts.v1.authTokenPromotion().update()")
                        .refuses(404, 20404),
                step("POST " + secondary, "a second token")
                        .as("sub")
                        .java((client, v) -> SecondaryAuthToken.creator().create(client))
                        .node("client.accounts.v1.secondaryAuthToken().create()")
                        .answers(201)
                        .has("/accountSid", "{sub}")
                        .matches("/secondaryAuthToken", "[0-9a-f]{32}")
                        .matches("/dateCreated", TIME),
                step("DELETE " + secondary, "the second token is given up")
                        .as("sub")
                        .java((client, v) -> SecondaryAuthToken.deleter().delete(client))
                        .node("client.accounts.v1.secondaryAuthToken().remove()")
                        .answers(204)
                        .has("", true),
                step("POST " + secondary, "another second token")
                        .as("sub")
                        .java((client, v) -> SecondaryAuthToken.creator().create(client))
                        .node("client.accounts.v1.secondaryAuthToken().create()")
                        .answers(201)
                        .keeps("secondToken", "/secondaryAuthToken"),
                step("POST /v1/AuthTokens/Promote", "the second token is the only one")
                        .as("sub")
                        .java((client, v) -> AuthTokenPromotion.updater().update(client))
                        .node("client.accounts.v1.authTokenPromotion().update()")
                        .has("/accountSid", "{sub}")
                        .has("/authToken", "{secondToken}"),
                step("GET " + ROOMS, "the first token is refused")
                        .as("sub")
                        .java((client, v) -> Room.reader().read(client))
                        .node("client.video.v1.rooms.list()")
                        .refuses(401, 20003),
                step("POST " + SUBACCOUNT, "the subaccount is closed")
                        .java((client, v) -> Account.updater(v.get("sub"))
                                .setStatus(Account.Status.CLOSED)
                                .update(client))
                        .node("client.api.v2010.accounts(v.sub).update({ status: 'closed' })")
                        .has("/status", "closed"));
    }
}
