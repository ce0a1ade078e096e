package lox.contract;

import org.jspecify.annotations.Nullable;

/** The two arguments of a BiScatter. */
record Pair<T extends @Nullable Object, U extends @Nullable Object>(T first, U second) {}
