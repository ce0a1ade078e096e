package lox.sync.internal.blockhound;

import lox.sync.internal.time.SpinWait;
import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Tells BlockHound that {@link SpinWait}'s methods do not block. BlockHound finds this class through {@code
 * META-INF/services} when it is installed; nothing else refers to it, so that it is never loaded without BlockHound.
 */
public final class LoxBlockHoundIntegration implements BlockHoundIntegration {
    /** For the service loader. */
    public LoxBlockHoundIntegration() {}

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside(SpinWait.class.getName(), "pause");
        builder.allowBlockingCallsInside(SpinWait.class.getName(), "giveWay");
    }
}
