/**
 * What the Funnels of all three dialects share: the types that users meet whatever the library, such as {@link
 * lox.sync.funnel.Joined} and the policies, and below them the engine. What is protected here is for lox's adapters.
 */
@NullMarked
package lox.sync.funnel;

import org.jspecify.annotations.NullMarked;
