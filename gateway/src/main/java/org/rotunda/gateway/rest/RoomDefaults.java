package org.rotunda.gateway.rest;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.rotunda.gateway.auth.Account;
import org.rotunda.gateway.auth.Accounts;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The default room settings of accounts. An account stores them as parameters of a new room. A request that creates a
 * room takes them for the parameters that it leaves out, and a connect creates its room with them. Safe to call from
 * any thread.
 */
public final class RoomDefaults {
    /** Switches off that a connect creates a room. This parameter exists only in the default settings. */
    static final String CLIENT_SIDE_CREATION = "ClientSideRoomCreation";

    static final String TYPE = "Type";

    /** The parameters of a new room that can have a default value. */
    static final List<String> PARAMETERS = List.of(
            TYPE,
            "MaxParticipants",
            "MaxParticipantDuration",
            "EmptyRoomTimeout",
            "UnusedRoomTimeout",
            "RecordParticipantsOnConnect",
            "VideoCodecs",
            "MediaRegion",
            "AudioOnly",
            "StatusCallback",
            "StatusCallbackMethod");

    /** The parameters whose values one type of room allows and another type refuses. */
    private static final Set<String> OF_TYPE =
            Set.of("MaxParticipants", "RecordParticipantsOnConnect", "VideoCodecs", "MediaRegion", "AudioOnly");

    private static final Logger LOG = LoggerFactory.getLogger(RoomDefaults.class);

    private final Supplier<Accounts> accounts;
    private final RestSettings settings;
    private final RoomProperties adHoc;

    /** @param adHoc the properties of a room that a connect creates for an account without default settings */
    public RoomDefaults(Supplier<Accounts> accounts, RestSettings settings, RoomProperties adHoc) {
        this.accounts = accounts;
        this.settings = settings;
        this.adHoc = adHoc;
    }

    /** Reads the parameters of a room that the account creates by a request. */
    RoomParameters parameters(AccountSid account, Parameters form) {
        Map<String, String> defaults = new HashMap<>(of(account));
        String type = form.text(TYPE);
        if (type != null && !type.equals(defaults.getOrDefault(TYPE, RoomType.GROUP.wireName()))) {
            defaults.keySet().removeAll(OF_TYPE);
        }
        return new RoomParameters(form.orElse(defaults), settings);
    }

    /**
     * Returns the properties of a room that a connect creates; empty if a connect must not create a room of this
     * account.
     */
    public Optional<RoomProperties> adHoc(AccountSid account) {
        Map<String, String> defaults = of(account);
        if (defaults.isEmpty()) {
            return Optional.of(adHoc);
        }
        try {
            Parameters own = Parameters.NONE.orElse(defaults);
            return own.flag(CLIENT_SIDE_CREATION, true) ? Optional.of(adHoc(own)) : Optional.empty();
        } catch (ApiFault fault) {
            // The configuration of this node allows less than it did when the account set its defaults.
            LOG.atWarn()
                    .addKeyValue("account", account.value())
                    .log("A connect creates no room, because the default settings are refused: {}", fault.message());
            return Optional.empty();
        }
    }

    /** Such a room ends when its last participant leaves, so the two timeouts of a created room do not count. */
    private RoomProperties adHoc(Parameters own) {
        boolean isOwnType = own.text(TYPE) != null;
        RoomProperties read =
                new RoomParameters(own.orElse(Map.of(TYPE, adHoc.type().wireName())), settings).properties();
        boolean isAudioOnly = own.has("AudioOnly") ? read.audioOnly() : !isOwnType && adHoc.audioOnly();
        return new RoomProperties(
                read.type(),
                isOwnType || own.has("MaxParticipants") ? read.participantsMax() : adHoc.participantsMax(),
                own.has("MaxParticipantDuration")
                        ? read.maxParticipantDurationSeconds()
                        : adHoc.maxParticipantDurationSeconds(),
                0,
                0,
                read.recordParticipantsOnConnect(),
                isAudioOnly
                        ? List.of()
                        : isOwnType || own.has("VideoCodecs") || adHoc.audioOnly()
                                ? read.videoCodecs()
                                : adHoc.videoCodecs(),
                isOwnType || own.has("MediaRegion") ? read.mediaRegion() : adHoc.mediaRegion(),
                isAudioOnly,
                read.largeRoom(),
                read.statusCallback(),
                read.statusCallbackMethod(),
                read.recordingRules());
    }

    /**
     * Checks default settings as the parameters of a new room.
     *
     * @throws ApiFault if a new room with these parameters would be refused
     */
    void check(Map<String, String> defaults) {
        Parameters parameters = Parameters.NONE.orElse(defaults);
        parameters.flag(CLIENT_SIDE_CREATION, true);
        new RoomParameters(parameters, settings).properties();
    }

    private Map<String, String> of(AccountSid account) {
        return accounts.get().account(account).map(Account::roomSettings).orElse(Map.of());
    }
}
