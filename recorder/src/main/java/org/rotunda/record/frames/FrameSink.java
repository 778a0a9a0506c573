package org.rotunda.record.frames;

/** Takes what an assembler makes of packets. */
public interface FrameSink {
    /** Takes ownership of the frame. */
    void frame(Frame frame);

    void dropped(FrameDrop reason);

    /** From now on every frame is dropped until a key frame comes. */
    void keyFrameNeeded();
}
