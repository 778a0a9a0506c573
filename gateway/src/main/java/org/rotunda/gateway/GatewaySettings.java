package org.rotunda.gateway;

import com.typesafe.config.Config;
import java.util.Map;
import org.rotunda.gateway.auth.Accounts;
import org.rotunda.gateway.callback.CallbackSettings;
import org.rotunda.gateway.connection.SessionSettings;
import org.rotunda.gateway.http.HttpSettings;
import org.rotunda.gateway.rest.RestSettings;
import org.rotunda.gateway.signal.SignalLimits;

/** The settings of a gateway. They are read and checked once, at the start. */
public record GatewaySettings(
        HttpSettings http, RestSettings rest, SessionSettings sessions, CallbackSettings callbacks, Accounts accounts) {

    /** Returns the limits that clients can reach, by the names that the metrics use. */
    public Map<String, Long> limits() {
        return Map.of(
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
                Accounts.from(root.getConfigList("rotunda.accounts")));
    }
}
