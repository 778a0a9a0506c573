package org.rotunda.record.store;

import org.jspecify.annotations.Nullable;

/** The failure of a request to the store. The stages of {@link MediaStore} fail with it. */
public final class StoreException extends Exception {
    private static final long serialVersionUID = 1L;

    private final StoreFailure failure;

    StoreException(StoreFailure failure, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.failure = failure;
    }

    public StoreFailure failure() {
        return failure;
    }
}
