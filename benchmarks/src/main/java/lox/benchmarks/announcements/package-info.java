/** Announcement beside Reactor's sinks and RxJava's processors. */
@NullMarked
package lox.benchmarks.announcements;

import org.jspecify.annotations.NullMarked;
