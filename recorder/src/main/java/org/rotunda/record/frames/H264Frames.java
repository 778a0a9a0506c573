package org.rotunda.record.frames;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.rotunda.media.codec.H264Payload;
import org.rotunda.record.order.MediaPacket;

/**
 * Makes frames of H.264 (RFC 6184, packetization mode 1): access units of NAL units with lengths of four bytes. Access
 * unit delimiters and filler are left out. Every IDR access unit begins with the current parameter sets, also if the
 * sender sent them only once: a player may enter there, and the size of the picture may have changed since the file's
 * beginning.
 *
 * <p>H.264 does not say which frames refer to a lost one, so after a loss everything up to the next IDR picture is
 * dropped.
 */
final class H264Frames implements FrameAssembler {
    /** The maximum number of NAL units in an access unit. A real one has up to 20. */
    static final int NALS_MAX = 1_024;

    private static final int TYPE_MASK = 0x1F;
    private static final int TYPE_SLICE = 1;
    private static final int TYPE_IDR = 5;
    private static final int TYPE_SPS = 7;
    private static final int TYPE_PPS = 8;
    private static final int TYPE_AUD = 9;
    private static final int TYPE_FILLER = 12;
    private static final int TYPE_STAP_A = 24;
    private static final int TYPE_FU_A = 28;
    private static final int FU_START = 0x80;
    private static final int FU_END = 0x40;
    private static final int FU_HEADER_BYTES = 2;

    private record Nal(int type, ByteBuf bytes) {}

    private final FrameSink sink;
    private final H264Payload view = new H264Payload();
    private final ParameterSets sets = new ParameterSets();
    private final List<Nal> nals = new ArrayList<>(); // Of the open access unit; each owns its bytes.
    private final OpenFrame fragments = new OpenFrame(); // The NAL unit that comes in fragments.
    private boolean waitsForKeyFrame = true;
    private boolean afterLoss;
    private byte[] configuration = new byte[0]; // Of the last key frame that was handed out.

    // Of the open access unit.
    private boolean isOpen;
    private long firstSequence;
    private int timestamp;
    private long arrivalMicros;
    private int unitBytes;
    private int fragmentType;

    H264Frames(FrameSink sink) {
        this.sink = sink;
    }

    @Override
    public void packet(MediaPacket packet) {
        ByteBuf payload = packet.payload();
        if (!payload.isReadable()) {
            sink.dropped(FrameDrop.EMPTY);
        } else {
            if (isOpen && packet.timestamp() != timestamp) {
                finish(); // Not every sender sets the marker of each access unit (RFC 6184 §5.1).
            }
            if (!isOpen) {
                isOpen = true;
                firstSequence = packet.sequence();
                timestamp = packet.timestamp();
                arrivalMicros = packet.arrivalMicros();
            }
            if (!add(payload)) {
                sink.dropped(FrameDrop.MALFORMED);
                missing(packet.sequence(), packet.sequence());
            } else if (packet.marker()) {
                finish();
            }
        }
        packet.release();
    }

    /** Adds the NAL units of a payload. Returns false if it is malformed; the access unit is then useless. */
    private boolean add(ByteBuf payload) {
        int at = payload.readerIndex();
        int length = payload.readableBytes();
        if (!view.parse(payload, at, length)) {
            return false;
        }
        int type = payload.getByte(at) & TYPE_MASK;
        if (type == TYPE_FU_A) {
            return addFragment(payload, at, length);
        }
        if (fragments.isOpen()) {
            return false; // The end of a fragmented NAL unit never came.
        }
        if (type != TYPE_STAP_A) {
            return addNal(type, payload.retainedSlice(at, length));
        }
        int end = at + length;
        for (int next = at + 1; next < end; ) { // The view has checked the lengths.
            int nalLength = payload.getUnsignedShort(next);
            next += 2;
            if (!addNal(payload.getByte(next) & TYPE_MASK, payload.retainedSlice(next, nalLength))) {
                return false;
            }
            next += nalLength;
        }
        return true;
    }

    private boolean addFragment(ByteBuf payload, int at, int length) {
        int header = payload.getUnsignedByte(at + 1);
        boolean isStart = (header & FU_START) != 0;
        if (isStart == fragments.isOpen()) {
            return false; // A start within a NAL unit, or no start before.
        }
        if (isStart) {
            fragments.begin();
            fragmentType = header & TYPE_MASK;
            fragments.add(Unpooled.buffer(1, 1).writeByte((payload.getByte(at) & ~TYPE_MASK) | fragmentType));
        }
        if (!fragments.add(payload.retainedSlice(at + FU_HEADER_BYTES, length - FU_HEADER_BYTES))) {
            return false;
        }
        return (header & FU_END) == 0 || addNal(fragmentType, fragments.finish());
    }

    /** Takes ownership of the bytes. */
    private boolean addNal(int type, ByteBuf bytes) {
        int length = Integer.BYTES + bytes.readableBytes();
        boolean fits = nals.size() < NALS_MAX && unitBytes + length <= OpenFrame.BYTES_MAX;
        if (!fits || !sets.onNal(type, bytes)) {
            bytes.release();
            return false;
        }
        if (type == TYPE_AUD || type == TYPE_FILLER) {
            bytes.release();
            return true;
        }
        unitBytes += length;
        nals.add(new Nal(type, bytes));
        return true;
    }

    private void finish() {
        boolean isKeyFrame = has(TYPE_IDR);
        if (fragments.isOpen()) {
            missing(firstSequence, firstSequence); // The end of its last NAL unit never came.
        } else if (!isKeyFrame && !has(TYPE_SLICE)) {
            clear(); // Parameter sets alone; they are kept for the next key frame.
        } else if (isKeyFrame && !sets.isComplete()) {
            clear();
            sink.dropped(FrameDrop.NO_PARAMETER_SETS);
            loseKeyFrame();
        } else if (!isKeyFrame && waitsForKeyFrame) {
            clear();
            sink.dropped(FrameDrop.BEFORE_KEY_FRAME);
        } else {
            waitsForKeyFrame = false;
            handOut(isKeyFrame);
        }
    }

    private boolean has(int type) {
        for (Nal nal : nals) {
            if (nal.type() == type) {
                return true;
            }
        }
        return false;
    }

    private void handOut(boolean isKeyFrame) {
        OpenFrame unit = new OpenFrame();
        unit.begin();
        boolean fits = !isKeyFrame || unit.add(sets.inBand());
        for (Nal nal : nals) {
            if (isKeyFrame && (nal.type() == TYPE_SPS || nal.type() == TYPE_PPS)) {
                continue; // They stand at the beginning.
            }
            fits = fits
                    && unit.add(Unpooled.buffer(Integer.BYTES, Integer.BYTES)
                            .writeInt(nal.bytes().readableBytes()));
            fits = fits && unit.add(nal.bytes().retain());
        }
        clear();
        if (!fits) {
            unit.clear();
            sink.dropped(FrameDrop.TOO_LARGE);
            loseKeyFrame();
            return;
        }
        boolean lost = afterLoss;
        afterLoss = false;
        if (isKeyFrame) {
            configuration = sets.configuration();
        }
        int width = isKeyFrame ? sets.width() : 0;
        int height = isKeyFrame ? sets.height() : 0;
        sink.frame(new Frame(firstSequence, timestamp, arrivalMicros, isKeyFrame, width, height, lost, unit.finish()));
    }

    @Override
    public void missing(long first, long last) {
        afterLoss = true;
        if (isOpen) {
            sink.dropped(FrameDrop.INCOMPLETE);
        }
        clear();
        loseKeyFrame();
    }

    private void loseKeyFrame() {
        if (!waitsForKeyFrame) {
            waitsForKeyFrame = true;
            sink.keyFrameNeeded();
        }
    }

    private void clear() {
        nals.forEach(nal -> nal.bytes().release());
        nals.clear();
        fragments.clear();
        unitBytes = 0;
        isOpen = false;
    }

    @Override
    public void reset() {
        clear();
        sets.clear();
        waitsForKeyFrame = true;
        sink.keyFrameNeeded();
    }

    @Override
    public long openSequence() {
        return isOpen ? firstSequence : NONE;
    }

    @Override
    public byte[] configuration() {
        return configuration.clone();
    }
}
