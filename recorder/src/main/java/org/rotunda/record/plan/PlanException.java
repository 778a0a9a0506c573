package org.rotunda.record.plan;

/** A composition that cannot be made of the recordings of its room. The message says why. */
public final class PlanException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The reasons, with the error codes that applications know. */
    public enum Reason {
        /** The patterns select no recording. */
        NO_SOURCES(53630),

        /** The selected recordings are too many or too large. */
        TOO_LARGE(53633);

        private final int code;

        Reason(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }
    }

    private final Reason reason;

    PlanException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
