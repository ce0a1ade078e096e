package lox.sync.internal.core;

import lox.sync.internal.pool.LanePool;
import lox.sync.spi.Work;

/** One function of a chain and where it runs. */
public record ChainStep(Work<?, ?> work, LanePool pool) {}
