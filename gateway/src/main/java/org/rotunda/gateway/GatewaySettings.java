package org.rotunda.gateway;

import com.typesafe.config.Config;
import java.util.Map;
import org.rotunda.gateway.account.AccountSettings;
import org.rotunda.gateway.auth.Accounts;
import org.rotunda.gateway.callback.CallbackSettings;
import org.rotunda.gateway.connection.SessionSettings;
import org.rotunda.gateway.http.HttpSettings;
import org.rotunda.gateway.rest.RestSettings;
import org.rotunda.gateway.signal.SignalLimits;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomSettings;

/**
 * The settings of a gateway. They are read and checked once, at the start.
 *
 * @param accounts the accounts of the configuration
 * @param adHoc the properties of a room that a connect creates, if its account has no default settings
 */
public record GatewaySettings(
        HttpSettings http,
        RestSettings rest,
        SessionSettings sessions,
        CallbackSettings callbacks,
        Accounts accounts,
        AccountSettings accountStore,
        RoomProperties adHoc) {

    /** Returns the limits that clients can reach, by the names that the metrics use. */
    public Map<String, Long> limits() {
        return Map.of(
                "account_keys", (long) accountStore.keysMax(),
                "account_subaccounts", (long) accountStore.subaccountsMax(),
                "http_connections", (long) http.connectionsMax(),
                "http_form_bytes", rest.formBytesMax(),
                "callbacks_in_flight", (long) callbacks.inFlightMax(),
                "room_participants", (long) rest.participantsMax(),
                "signaling_sessions", (long) sessions.sessionsMax(),
                "signaling_frame_chars", (long) SignalLimits.FRAME_CHARS_MAX,
                "signaling_queue_frames", (long) sessions.queueFramesMax(),
                "signaling_queue_chars", (long) sessions.queueCharsMax());
    }

    /** Reads the settings from the whole configuration of the node. */
    public static GatewaySettings from(Config root) {
        return new GatewaySettings(
                HttpSettings.from(root),
                RestSettings.from(root),
                SessionSettings.from(root),
                CallbackSettings.from(root),
                Accounts.from(root.getConfigList("rotunda.accounts")),
                AccountSettings.from(root),
                RoomSettings.from(root.getConfig("rotunda")).adHoc());
    }
}
