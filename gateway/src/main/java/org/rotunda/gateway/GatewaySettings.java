package org.rotunda.gateway;

import com.typesafe.config.Config;
import java.util.Map;
import org.rotunda.gateway.account.AccountSettings;
import org.rotunda.gateway.auth.Accounts;
import org.rotunda.gateway.callback.CallbackSettings;
import org.rotunda.gateway.connection.SessionSettings;
import org.rotunda.gateway.http.HttpSettings;
import org.rotunda.gateway.insights.InsightsSettings;
import org.rotunda.gateway.limit.LimitSettings;
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
        LimitSettings requestRates,
        InsightsSettings insights,
        RoomProperties adHoc) {

    /** Returns the limits that clients can reach, by the names that the metrics use. */
    public Map<String, Long> limits() {
        return Map.ofEntries(
                Map.entry("account_connects_per_second", (long)
                        requestRates.rates().connects()),
                Map.entry("account_keys", (long) accountStore.keysMax()),
                Map.entry(
                        "account_reads_per_second", (long) requestRates.rates().reads()),
                Map.entry("account_subaccounts", (long) accountStore.subaccountsMax()),
                Map.entry(
                        "account_writes_per_second", (long) requestRates.rates().writes()),
                Map.entry("address_failures_per_minute", (long) requestRates.failuresPerMinute()),
                Map.entry("callbacks_in_flight", (long) callbacks.inFlightMax()),
                Map.entry("http_connections", (long) http.connectionsMax()),
                Map.entry("http_form_bytes", rest.formBytesMax()),
                Map.entry("insights_frame_chars", (long) insights.frameCharsMax()),
                Map.entry("insights_queue_events", (long) insights.queueEventsMax()),
                Map.entry("insights_sockets", (long) insights.socketsMax()),
                Map.entry("room_participants", (long) rest.participantsMax()),
                Map.entry("signaling_frame_chars", (long) SignalLimits.FRAME_CHARS_MAX),
                Map.entry("signaling_queue_chars", (long) sessions.queueCharsMax()),
                Map.entry("signaling_queue_frames", (long) sessions.queueFramesMax()),
                Map.entry("signaling_sessions", (long) sessions.sessionsMax()));
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
                LimitSettings.from(root),
                InsightsSettings.from(root),
                RoomSettings.from(root.getConfig("rotunda")).adHoc());
    }
}
