package lox.sync.engine;

import org.jspecify.annotations.Nullable;

/**
 * An argument that travels with company: somebody listens for this one result, or a context goes with the task. It lies in
 * the slot in the argument's place, so a plain scatter pays nothing for it.
 */
record Envelope(@Nullable Object argument, @Nullable Completion<?> completion, Dialect.@Nullable Context context) {}
