package lox.sync;

import lox.sync.internal.result.FailureText;

/**
 * Thrown by the blocking methods of an {@link Announcement}'s subscription and of a {@link Funnel} when the publisher
 * has failed and everything before the failure has been taken. The cause is the failure itself, whether it is a checked
 * exception, an unchecked one or an {@link Error}. Each call throws an exception of its own.
 *
 * <p>A subscriber that was too slow for its {@link Buffer} gets an {@link OverflowException} instead: the publisher
 * itself has not failed.
 */
public final class PublisherFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PublisherFailedException(String publisher, Throwable failure) {
        super(publisher + " has failed: " + FailureText.of(failure), failure);
    }
}
