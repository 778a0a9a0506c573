package org.rotunda.gateway.callback;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.CallbackForm;
import org.rotunda.room.protocol.CallbackSid;
import org.rotunda.room.protocol.CallbackStatus;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.StatusCallback;

/** Makes callbacks for tests. */
final class Callbacks {
    static final RoomSid ROOM = new RoomSid("RM" + "2".repeat(32));

    private Callbacks() {}

    static StatusCallback callback(long number, int attempts, Instant retriedFrom) {
        return callback(
                GatewayFixture.ACCOUNT, ROOM, number, attempts, retriedFrom, "https://hooks.example.com/", "POST");
    }

    static StatusCallback callback(String url, String method) {
        return callback(GatewayFixture.ACCOUNT, ROOM, 7, 0, Instant.parse("2024-03-01T10:15:30.123Z"), url, method);
    }

    static StatusCallback callback(
            AccountSid account,
            RoomSid room,
            long number,
            int attempts,
            Instant retriedFrom,
            String url,
            String method) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("AccountSid", account.value());
        parameters.put("RoomSid", room.value());
        parameters.put("RoomName", "Daily Standup");
        parameters.put("ParticipantIdentity", "Zoë & 🎥=+%/?#");
        parameters.put("StatusCallbackEvent", "participant-connected");
        parameters.put("Timestamp", "2024-03-01T10:15:30.123Z");
        parameters.put("SequenceNumber", Long.toString(number));
        return new StatusCallback(
                CallbackSid.of(room, number),
                room,
                account,
                number,
                "participant-connected",
                retriedFrom,
                url,
                method,
                CallbackForm.encode(parameters),
                CallbackStatus.WAITING,
                attempts,
                retriedFrom,
                null);
    }
}
