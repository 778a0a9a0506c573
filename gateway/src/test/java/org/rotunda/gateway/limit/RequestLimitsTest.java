package org.rotunda.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.rotunda.gateway.limit.LimitSettings.Rates;
import org.rotunda.room.protocol.AccountSid;

class RequestLimitsTest {
    private static final AccountSid ALICE = account(1);
    private static final AccountSid BIG = account(2);

    private final TestClock clock = new TestClock();
    private final AtomicInteger gateways = new AtomicInteger(1);
    private final LimitStatistics statistics = new LimitStatistics();
    private final RequestLimits limits = new RequestLimits(
            new LimitSettings(new Rates(8, 4, 6), Map.of(BIG, new Rates(16, 0, 0)), Duration.ofSeconds(1), 3),
            gateways::get,
            clock,
            statistics);

    private static AccountSid account(int number) {
        return new AccountSid("AC%032x".formatted(number));
    }

    private int served(AccountSid account, boolean isWrite, int requests) {
        int served = 0;
        for (int i = 0; i < requests; i++) {
            served += limits.request(account, isWrite).isZero() ? 1 : 0;
        }
        return served;
    }

    @Test
    void servesAsManyRequestsAsTheLimitAndRefusesOneMore() {
        assertThat(served(ALICE, false, 8)).isEqualTo(8);
        assertThat(limits.request(ALICE, false)).isBetween(Duration.ofMillis(125), Duration.ofMillis(126));
        assertThat(statistics.refused(RateLimit.READS)).isEqualTo(1);

        assertThat(served(ALICE, true, 5)).isEqualTo(4);
        assertThat(statistics.refused(RateLimit.WRITES)).isEqualTo(1);

        clock.advance(Duration.ofSeconds(1));
        assertThat(served(ALICE, false, 9)).isEqualTo(8);
    }

    @Test
    void countsEveryAccountForItself() {
        assertThat(served(ALICE, true, 10)).isEqualTo(4);

        assertThat(served(account(3), true, 10)).isEqualTo(4);
    }

    @Test
    void anAccountMayHaveLimitsOfItsOwn() {
        assertThat(served(BIG, false, 20)).isEqualTo(16);
        assertThat(served(BIG, true, 1000)).isEqualTo(1000);
    }

    @Test
    void aGatewayServesItsPartOfTheLimit() {
        gateways.set(4);
        assertThat(served(ALICE, false, 8)).isEqualTo(2);

        gateways.set(1); // The other three are gone, so this one serves everything from now on.
        clock.advance(Duration.ofSeconds(1));
        assertThat(served(ALICE, false, 10)).isEqualTo(8);

        gateways.set(2);
        clock.advance(Duration.ofSeconds(1));
        assertThat(served(ALICE, false, 10)).isEqualTo(4);
        assertThat(statistics.gateways()).isEqualTo(2);
    }

    @Test
    void manyGatewaysServeOneRequestAtATimeEach() {
        gateways.set(100);
        assertThat(limits.request(ALICE, true)).isZero();
        assertThat(limits.request(ALICE, true)).isBetween(Duration.ofSeconds(25), Duration.ofSeconds(26));
    }

    @Test
    void limitsTheConnectsOfAnAccount() {
        for (int i = 0; i < 6; i++) {
            assertThat(limits.connect(ALICE)).isZero();
        }

        assertThat(limits.connect(ALICE)).isPositive();
        assertThat(statistics.refused(RateLimit.CONNECTS)).isEqualTo(1);
    }

    @Test
    void limitsTheFailuresOfAnAddressAtEachGateway() {
        gateways.set(3);
        for (int i = 0; i < 3; i++) {
            assertThat(limits.failure("c0000201")).isZero();
        }

        assertThat(limits.failure("c0000201")).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(21));
        assertThat(limits.failure("c0000202")).isZero();
        assertThat(statistics.refused(RateLimit.FAILURES)).isEqualTo(1);
    }

    @Test
    void forgetsTheAddressThatWasUsedLongestAgo() {
        limits.failure("first");
        for (int i = 0; i < RequestLimits.ADDRESSES_MAX - 1; i++) {
            limits.failure("address " + i);
        }
        assertThat(statistics.forgotten()).isZero();

        limits.failure("one more");

        assertThat(statistics.forgotten()).isEqualTo(1);
    }

    @Test
    void forgettingAnAddressThatHasAllItsTokensLosesNothing() {
        limits.failure("first");
        clock.advance(Duration.ofMinutes(1));
        for (int i = 0; i < RequestLimits.ADDRESSES_MAX; i++) {
            limits.failure("address " + i);
        }

        assertThat(statistics.forgotten()).isZero();
    }

    @Test
    void countsTheRequestsThatAreBeingAnswered() {
        assertThat(limits.begin(ALICE)).isEqualTo(1);
        assertThat(limits.begin(ALICE)).isEqualTo(2);
        assertThat(limits.begin(BIG)).isEqualTo(1);

        limits.end(ALICE);
        assertThat(limits.inProgress(ALICE)).isEqualTo(1);
        limits.end(ALICE);
        limits.end(BIG);
        assertThat(limits.inProgress(ALICE)).isZero();
    }

    /** A clock that the test moves. */
    private static final class TestClock extends Clock {
        private Instant now = Instant.parse("2026-03-01T10:00:00Z");

        void advance(Duration by) {
            now = now.plus(by);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
