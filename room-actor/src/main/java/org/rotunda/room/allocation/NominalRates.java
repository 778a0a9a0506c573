package org.rotunda.room.allocation;

/**
 * The rates at which libwebrtc sends VP8 encodings by picture size, and how its temporal layers share them. Ladders use
 * these rates before anything has been measured, and as bounds of what is measured.
 */
final class NominalRates {
    private static final int[] PIXELS = {320 * 180, 480 * 270, 640 * 360, 960 * 540, 1280 * 720, 1920 * 1080};

    /** The rate in bit/s of an encoding while a higher one is sent, too. */
    private static final int[] TARGET_BPS = {150_000, 350_000, 500_000, 1_200_000, 2_500_000, 4_000_000};

    /** The rate in bit/s of the highest encoding that is sent. */
    private static final int[] TOP_BPS = {200_000, 450_000, 700_000, 1_200_000, 2_500_000, 5_000_000};

    /** The cumulative shares of temporal layers in per cent, by the number of layers. */
    private static final int[][] SHARES = {{100}, {60, 100}, {40, 60, 100}};

    private NominalRates() {}

    /** Returns the rate of an encoding in bit/s, interpolated by the number of pixels. */
    static int ofEncoding(int width, int height, boolean isTop) {
        int[] rates = isTop ? TOP_BPS : TARGET_BPS;
        long pixels = (long) width * height;
        if (pixels <= PIXELS[0]) {
            return rates[0];
        }
        for (int i = 1; i < PIXELS.length; i++) {
            if (pixels <= PIXELS[i]) {
                long above = pixels - PIXELS[i - 1];
                return (int) (rates[i - 1] + above * (rates[i] - rates[i - 1]) / (PIXELS[i] - PIXELS[i - 1]));
            }
        }
        return rates[rates.length - 1];
    }

    /** Returns the share in per cent of the temporal layers up to this one. */
    static int share(int temporal, int temporalLayers) {
        int[] shares = SHARES[Math.min(temporalLayers, SHARES.length) - 1];
        return temporal < shares.length ? shares[temporal] : 100;
    }
}
