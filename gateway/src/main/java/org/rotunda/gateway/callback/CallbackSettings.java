package org.rotunda.gateway.callback;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.List;
import org.rotunda.room.protocol.Settings;

/** The settings under {@code rotunda.callbacks}. {@code reference.conf} explains each key. */
public record CallbackSettings(
        List<String> allow,
        int inFlightMax,
        int accountInFlightMax,
        Duration pollInterval,
        Duration claim,
        Duration connectTimeout,
        Duration requestTimeout,
        Duration keep,
        Duration backoffMin,
        Duration backoffMax,
        int refusedAttemptsMax,
        Duration failuresKeep) {
    private static final String SECTION = "rotunda.callbacks";

    /** The time that a claim must last longer than an attempt: the result must be noted before the claim lapses. */
    private static final Duration CLAIM_RESERVE = Duration.ofSeconds(10);

    public CallbackSettings {
        allow = List.copyOf(allow);
        try {
            AllowedTargets.of(allow);
        } catch (IllegalArgumentException unusable) {
            throw new IllegalArgumentException(SECTION + ".allow: " + unusable.getMessage(), unusable);
        }
        if (inFlightMax < 1 || accountInFlightMax < 1 || refusedAttemptsMax < 1) {
            throw new IllegalArgumentException(SECTION + ": in-flight-max, account-in-flight-max and"
                    + " refused-attempts-max must be at least 1: " + inFlightMax + ", " + accountInFlightMax + ", "
                    + refusedAttemptsMax);
        }
        Settings.requirePositive(SECTION + ".poll-interval", pollInterval);
        Settings.requirePositive(SECTION + ".connect-timeout", connectTimeout);
        Settings.requirePositive(SECTION + ".request-timeout", requestTimeout);
        Settings.requirePositive(SECTION + ".backoff-min", backoffMin);
        if (backoffMax.compareTo(backoffMin) < 0) {
            throw new IllegalArgumentException(
                    SECTION + ".backoff-max must not be shorter than backoff-min: " + backoffMax);
        }
        if (claim.compareTo(requestTimeout.plus(CLAIM_RESERVE)) < 0) {
            throw new IllegalArgumentException(SECTION + ".claim must be at least " + CLAIM_RESERVE.toSeconds()
                    + " s longer than request-timeout: " + claim);
        }
        if (keep.isNegative() || failuresKeep.isNegative()) {
            throw new IllegalArgumentException(
                    SECTION + ": keep and failures-keep must not be negative: " + keep + ", " + failuresKeep);
        }
    }

    /** Reads the settings from the whole configuration of the node. */
    public static CallbackSettings from(Config root) {
        Config callbacks = root.getConfig(SECTION);
        return new CallbackSettings(
                callbacks.getStringList("allow"),
                callbacks.getInt("in-flight-max"),
                callbacks.getInt("account-in-flight-max"),
                callbacks.getDuration("poll-interval"),
                callbacks.getDuration("claim"),
                callbacks.getDuration("connect-timeout"),
                callbacks.getDuration("request-timeout"),
                callbacks.getDuration("keep"),
                callbacks.getDuration("backoff-min"),
                callbacks.getDuration("backoff-max"),
                callbacks.getInt("refused-attempts-max"),
                callbacks.getDuration("failures-keep"));
    }

    AllowedTargets allowedTargets() {
        return AllowedTargets.of(allow);
    }
}
