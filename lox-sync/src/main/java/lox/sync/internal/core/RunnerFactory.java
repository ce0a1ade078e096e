package lox.sync.internal.core;

/** Makes the {@link RangeRunner} of each lane. */
@FunctionalInterface
public interface RunnerFactory {
    RangeRunner make(LaneSettings settings, Lanes lanes, InterruptGuard guard);
}
