package org.rotunda.gateway.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.pattern.StatusReply;
import org.rotunda.room.protocol.AskAgain;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomStatus;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.Rooms;
import org.rotunda.room.protocol.RulesView;
import org.rotunda.room.protocol.TrackRule;
import org.rotunda.room.rules.RuleGrammar;

/**
 * The REST resources of subscribe rules and recording rules. Only a room in progress has rules. A change may be
 * repeated, because a room does not record the same rules twice.
 */
final class RulesApi {
    private final Rooms rooms;
    private final Duration roomTimeout;

    RulesApi(Rooms rooms, RestSettings settings) {
        this.rooms = rooms;
        this.roomTimeout = settings.roomTimeout();
    }

    CompletionStage<ApiAnswer> fetchSubscribeRules(ApiRequest request) {
        String participant = request.participant();
        return answer(request, replyTo -> new RoomCommand.FetchSubscribeRules(participant, replyTo));
    }

    CompletionStage<ApiAnswer> changeSubscribeRules(ApiRequest request) {
        String participant = request.participant();
        List<TrackRule> rules = rules(request, RuleGrammar.SUBSCRIBE, RoomError.SUBSCRIBE_RULES_INVALID);
        return answer(request, replyTo -> new RoomCommand.ChangeSubscribeRules(participant, rules, replyTo));
    }

    CompletionStage<ApiAnswer> fetchRecordingRules(ApiRequest request) {
        return answer(request, RoomCommand.FetchRecordingRules::new);
    }

    CompletionStage<ApiAnswer> changeRecordingRules(ApiRequest request) {
        List<TrackRule> rules = rules(request, RuleGrammar.RECORDING, RoomError.RECORDING_RULES_INVALID);
        return answer(request, replyTo -> new RoomCommand.ChangeRecordingRules(rules, replyTo));
    }

    /** Returns the rules in the form. The rules' own error code stands for every fault in them. */
    private static List<TrackRule> rules(ApiRequest request, RuleGrammar grammar, RoomError invalid) {
        String text = request.form().uncheckedText("Rules");
        if (text == null) {
            throw ApiFault.missing("Rules");
        }
        return grammar.read(text).orElseThrow(() -> ApiFault.badRequest(invalid.code(), invalid.message()));
    }

    private CompletionStage<ApiAnswer> answer(
            ApiRequest request, Function<ActorRef<StatusReply<RulesView>>, RoomCommand> command) {
        return rooms.find(request.account(), request.room())
                .thenCompose(room -> ask(room, command).thenApply(rules -> new ApiAnswer(200, write(room, rules))));
    }

    private CompletionStage<RulesView> ask(
            RoomView room, Function<ActorRef<StatusReply<RulesView>>, RoomCommand> command) {
        if (room.status() != RoomStatus.IN_PROGRESS) {
            return CompletableFuture.failedFuture(new RoomRefusal(RoomError.ROOM_COMPLETED));
        }
        EntityRef<RoomCommand> there = rooms.room(room.sid());
        return AskAgain.<RulesView>ask(roomTimeout, once -> there.askWithStatus(command::apply, once));
    }

    private static ObjectNode write(RoomView room, RulesView rules) {
        ObjectNode json = Json.object();
        if (rules.participant() != null) {
            json.put("participant_sid", rules.participant().value());
        }
        json.put("room_sid", room.sid().value())
                .put("date_created", Json.date(rules.createdAt()))
                .put("date_updated", Json.date(rules.updatedAt()))
                .set("rules", RuleGrammar.write(rules.rules()));
        return json;
    }
}
