package org.rotunda.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.rest.UnansweredCreates.Request;
import org.rotunda.gateway.testkit.FakeRooms;
import org.rotunda.gateway.testkit.GatewayFixture;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.CreateAttempt;
import org.rotunda.room.testkit.HandClock;

class UnansweredCreatesTest {
    private static final Request DAILY = new Request(GatewayFixture.ACCOUNT, "daily", FakeRooms.AD_HOC);
    private static final Request NO_NAME = new Request(GatewayFixture.ACCOUNT, "", FakeRooms.AD_HOC);

    private final Random random = new Random(1);
    private final HandClock clock = new HandClock(Instant.parse("2024-03-01T10:00:00Z"));
    private final UnansweredCreates creates = new UnansweredCreates(clock);

    private CreateAttempt add(Request request) {
        CreateAttempt attempt = CreateAttempt.first(random);
        creates.add(request, attempt);
        return attempt;
    }

    @Test
    void anEqualCreateContinuesTheOldestAttemptOnce() {
        CreateAttempt first = add(NO_NAME);
        CreateAttempt second = add(NO_NAME);
        CreateAttempt daily = add(DAILY);

        assertThat(creates.take(NO_NAME)).contains(first);
        assertThat(creates.take(NO_NAME)).contains(second);
        assertThat(creates.take(NO_NAME)).isEmpty();
        assertThat(creates.take(DAILY)).contains(daily);
        assertThat(creates.take(DAILY)).isEmpty();
    }

    @Test
    void anotherCreateContinuesNothing() {
        add(DAILY);

        assertThat(creates.take(NO_NAME)).isEmpty();
        assertThat(creates.take(
                        new Request(new AccountSid("AC00000000000000000000000000000002"), "daily", FakeRooms.AD_HOC)))
                .isEmpty();
        assertThat(creates.take(new Request(GatewayFixture.ACCOUNT, "Daily", FakeRooms.AD_HOC)))
                .isEmpty();
    }

    @Test
    void anAttemptIsForgottenAfterItsTime() {
        CreateAttempt first = add(DAILY);
        clock.advance(UnansweredCreates.KEPT.minusMillis(1));
        assertThat(creates.take(DAILY)).contains(first);

        add(DAILY);
        clock.advance(UnansweredCreates.KEPT);
        assertThat(creates.take(DAILY)).isEmpty();
        assertThat(UnansweredCreates.KEPT).isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void theOldestAttemptsAreForgottenWhenThereAreTooMany() {
        add(DAILY);
        CreateAttempt second = add(NO_NAME);
        for (int i = 0; i < UnansweredCreates.KEPT_MAX - 1; i++) {
            add(new Request(GatewayFixture.ACCOUNT, "room-" + i, FakeRooms.AD_HOC));
        }

        assertThat(creates.take(DAILY)).isEmpty();
        assertThat(creates.take(NO_NAME)).contains(second);
    }
}
