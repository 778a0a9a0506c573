package org.rotunda.record.layout;

/** A parameter of a composition that breaks the rules. The message names the parameter, the region and the key. */
public final class LayoutException extends Exception {
    private static final long serialVersionUID = 1L;

    public LayoutException(String message) {
        super(message);
    }
}
