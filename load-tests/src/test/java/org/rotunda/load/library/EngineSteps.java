package org.rotunda.load.library;

import static org.rotunda.load.library.Tour.ROOM;
import static org.rotunda.load.library.Tour.raw;
import static org.rotunda.load.library.Tour.step;

import com.twilio.rest.video.v1.Composition;
import com.twilio.rest.video.v1.CompositionHook;
import com.twilio.rest.video.v1.CompositionSettings;
import com.twilio.rest.video.v1.Recording;
import com.twilio.rest.video.v1.RecordingSettings;
import com.twilio.rest.video.v1.room.RoomRecording;
import com.twilio.rest.video.v1.room.Transcriptions;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;

/** The steps of the tour about recordings, compositions, transcriptions and reports, which are not there yet. */
final class EngineSteps {
    private EngineSteps() {}

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
}
