package org.rotunda.load.library;

import static org.rotunda.load.library.Tour.NONE;
import static org.rotunda.load.library.Tour.NO_RULES;
import static org.rotunda.load.library.Tour.PARTICIPANT;
import static org.rotunda.load.library.Tour.ROOM;
import static org.rotunda.load.library.Tour.TIME;
import static org.rotunda.load.library.Tour.step;

import com.twilio.rest.video.v1.room.RecordingRules;
import com.twilio.rest.video.v1.room.participant.PublishedTrack;
import com.twilio.rest.video.v1.room.participant.SubscribeRules;
import com.twilio.rest.video.v1.room.participant.SubscribedTrack;
import java.util.List;

/** The steps of the tour about published and subscribed tracks, and about the rules that select them. */
final class TrackSteps {
    private static final String DATA_ONLY = "[{\"type\":\"include\",\"kind\":\"data\"}]";
    private static final String AUDIO_ONLY = "[{\"type\":\"include\",\"kind\":\"audio\"}]";
    private static final String RECORD_DATA = "[{\"type\":\"include\",\"kind\":\"data\"}]";

    private TrackSteps() {}

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
}
