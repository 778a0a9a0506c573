package org.rotunda.record.spool;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.rotunda.media.codec.Codec;
import org.rotunda.record.order.MediaPacket;
import org.rotunda.record.take.TakeSettings;
import org.rotunda.record.take.TakeSource;
import org.rotunda.record.testkit.TakeRig;

/**
 * A process that records a packet of audio each two milliseconds, until it is killed. It prints each number that is
 * acknowledged.
 */
final class RecordingProcess {
    private static final int PACKET_MS = 20;

    private RecordingProcess() {}

    @SuppressWarnings("SystemOut") // The test reads it.
    public static void main(String[] arguments) throws Exception {
        Spool spool = Spool.open(Path.of(arguments[0]), 1024 * 1024);
        SpoolWriter writer = new SpoolWriter(spool, Duration.ofSeconds(5), "spool");
        ExecutorService loop = Executors.newSingleThreadExecutor();
        TakeSource source = new TakeSource(TakeRig.SID, "track", Codec.OPUS, 1, TakeRig.ROOM_START_UNIX_MS, Map.of());
        SpooledTake[] take = new SpooledTake[1];
        loop.submit(() -> take[0] = new SpooledTake(
                        source,
                        TakeSettings.DEFAULT,
                        new Sidecar(TakeRig.SID, 1, "mka", Map.of()),
                        writer,
                        loop,
                        System::nanoTime,
                        new Printer()))
                .get();
        byte[] packet = {(byte) 0xF8, 1, 2, 3, 4, 5, 6, 7, 8, 9};
        for (int i = 0; ; i++) {
            int number = i;
            loop.submit(() -> {
                        long micros = TakeRig.unixMicros(1_000_000L * PACKET_MS * number);
                        take[0].take().onClock(960 * number, micros, true, System.nanoTime());
                        take[0].take()
                                .onPacket(
                                        new MediaPacket(
                                                number, 960 * number, false, micros, Unpooled.wrappedBuffer(packet)),
                                        System.nanoTime());
                    })
                    .get();
            LockSupport.parkNanos(2_000_000);
        }
    }

    private static final class Printer implements SpooledTake.Listener {
        @Override
        public void started(int width, int height, long startMs) {}

        @Override
        @SuppressWarnings("SystemOut") // The test reads it.
        public void acknowledge(long sequence) {
            System.out.println(sequence);
        }

        @Override
        public void requestKeyFrame() {}

        @Override
        public void mustClose() {}

        @Override
        public void finished(FinishedSegment segment) {}

        @Override
        public void empty() {}

        @Override
        public void failed(IOException cause) {
            throw new IllegalStateException(cause);
        }
    }
}
