@NullMarked
package lox.sync.process;

import org.jspecify.annotations.NullMarked;
