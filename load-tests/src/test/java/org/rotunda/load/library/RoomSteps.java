package org.rotunda.load.library;

import static org.rotunda.load.library.Tour.NONE;
import static org.rotunda.load.library.Tour.NO_RULES;
import static org.rotunda.load.library.Tour.PARTICIPANT;
import static org.rotunda.load.library.Tour.PARTICIPANTS;
import static org.rotunda.load.library.Tour.ROOM;
import static org.rotunda.load.library.Tour.ROOMS;
import static org.rotunda.load.library.Tour.TIME;
import static org.rotunda.load.library.Tour.step;

import com.twilio.http.HttpMethod;
import com.twilio.rest.video.v1.Room;
import com.twilio.rest.video.v1.room.Participant;
import com.twilio.rest.video.v1.room.RecordingRules;
import com.twilio.rest.video.v1.room.participant.Anonymize;
import com.twilio.rest.video.v1.room.participant.PublishedTrack;
import java.net.URI;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;

/** The steps of the tour that create, read and end rooms, and those about who is in a room. */
final class RoomSteps {
    private RoomSteps() {}

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

    /** In these steps rooms of the other types are created, and end. */
    static List<TourStep> typeSteps() {
        return List.of(
                step("POST " + ROOMS, "a room without a media server")
                        .java((client, v) -> Room.creator()
                                .setType(Room.RoomType.PEER_TO_PEER)
                                .create(client))
                        .node("client.video.v1.rooms.create({ type: 'peer-to-peer' })")
                        .answers(201)
                        .keeps("pairs", "/sid")
                        .has("/type", "peer-to-peer")
                        .has("/maxParticipants", 10),
                end("pairs"),
                step("POST " + ROOMS, "a room for two")
                        .java((client, v) ->
                                Room.creator().setType(Room.RoomType.GO).create(client))
                        .node("client.video.v1.rooms.create({ type: 'go' })")
                        .answers(201)
                        .keeps("two", "/sid")
                        .has("/type", "go")
                        .has("/maxParticipants", 2),
                step("GET " + ROOM + "/RecordingRules", "a room that cannot be recorded")
                        .java((client, v) ->
                                RecordingRules.fetcher(v.get("two")).fetch(client))
                        .node("client.video.v1.rooms(v.two).recordingRules.fetch()")
                        .refuses(400, 53122),
                end("two"),
                step("POST " + ROOMS, "three participants in a room for two")
                        .java((client, v) -> Room.creator()
                                .setType(Room.RoomType.GO)
                                .setMaxParticipants(3)
                                .create(client))
                        .node("client.video.v1.rooms.create({ type: 'go', maxParticipants: 3 })")
                        .refuses(400, 53107),
                step("POST " + ROOMS, "a small group")
                        .java((client, v) -> Room.creator()
                                .setType(Room.RoomType.GROUP_SMALL)
                                .create(client))
                        .node("client.video.v1.rooms.create({ type: 'group-small' })")
                        .answers(201)
                        .keeps("small", "/sid")
                        .has("/type", "group-small")
                        .has("/maxParticipants", 4),
                end("small"));
    }

    /** Returns the step that ends the room whose SID has this name among the texts of the tour. */
    private static TourStep end(String room) {
        return step("POST " + ROOM, "the end of " + room)
                .java((client, v) ->
                        Room.updater(v.get(room), Room.RoomStatus.COMPLETED).update(client))
                .node("client.video.v1.rooms(v." + room + ").update({ status: 'completed' })")
                .answers(202)
                .has("/status", "completed");
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
}
