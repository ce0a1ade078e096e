package lox.sync.spi.host;

import java.nio.channels.WritableByteChannel;
import java.util.function.BooleanSupplier;

/** A blocking channel whose writes can be given up half-way. One thread may write at a time. */
public interface AbandonableChannel extends WritableByteChannel {
    /**
     * Sets the condition that ends a write with an exception while it waits for the other side.
     *
     * @param condition asked while a write waits, by the writing thread or another; true gives up
     */
    void giveUpIf(BooleanSupplier condition);

    /** Lets writes wait for as long as it takes. */
    void neverGiveUp();
}
