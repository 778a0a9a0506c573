package org.rotunda.record.ffmpeg;

/** A run of ffmpeg that failed. The message has the last line that the program wrote about errors. */
public final class FfmpegException extends Exception {
    private static final long serialVersionUID = 1L;

    private final FfmpegFailure failure;

    FfmpegException(FfmpegFailure failure, String message) {
        super(message);
        this.failure = failure;
    }

    public FfmpegFailure failure() {
        return failure;
    }
}
