package org.rotunda.media.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class NtpTimeProperties {
    private static final long YEAR_2100_NANOS = 4_102_444_800_000_000_000L;
    private static final long DAY_NANOS = 86_400_000_000_000L;

    @Example
    void unixEpochIsSeventyYearsAfterNtps() {
        assertThat(NtpTime.ofUnixNanos(0)).isEqualTo(0x83AA7E80_00000000L);
        assertThat(NtpTime.ofUnixNanos(1_500_000_000)).isEqualTo(0x83AA7E81_80000000L);
        assertThat(NtpTime.middle32(0x83AA7E81_80000000L)).isEqualTo(0x7E81_8000);
    }

    @Property(tries = 500)
    void differenceUndoesPlus(
            @ForAll @LongRange(max = YEAR_2100_NANOS) long unixNanos,
            @ForAll @LongRange(min = -DAY_NANOS, max = DAY_NANOS) long nanos) {
        long ntp = NtpTime.ofUnixNanos(unixNanos);

        assertThat(NtpTime.differenceNanos(NtpTime.plusNanos(ntp, nanos), ntp)).isCloseTo(nanos, within(2L));
        assertThat(NtpTime.differenceNanos(NtpTime.ofUnixNanos(unixNanos + nanos), ntp))
                .isCloseTo(nanos, within(2L));
    }

    @Property(tries = 500)
    void delaysSurviveTheirUnits(@ForAll @LongRange(max = 60_000_000_000_000L) long nanos) {
        long units = NtpTime.toUnits65536(nanos) & 0xFFFF_FFFFL;

        assertThat(NtpTime.ofUnits65536(units)).isCloseTo(nanos, within(16_000L));
        assertThat(NtpTime.toUnits65536(Long.MAX_VALUE)).isEqualTo(-1);
    }
}
