package consumer

import lox.sync.Lox
import lox.sync.Outcome
import lox.sync.Scatter
import lox.sync.Task

fun half(number: Int): Int = if (number % 2 == 0) number / 2 else throw IllegalArgumentException("odd: $number")

fun main() {
    // A lambda and a function reference for a Task, which is a Java interface.
    val doubled: Scatter<Int, Int> = Lox.thread(2) { number: Int -> number * 2 }
    (1..3).forEach(doubled::scatter)
    println("thread ${doubled.gather()}")

    // Results that may be null say so in their type.
    val firsts = Lox.thread<String, Char?>(2) { word -> word.firstOrNull() }
    println("null ${firsts.gather(listOf("one", "", "two")).map { it ?: '-' }}")

    val halves = Lox.thread(2, ::half)
    listOf(4, 5).forEach(halves::scatter)
    for (outcome in halves.gatherSettled()) {
        when (outcome) { // a sealed type: no else
            is Outcome.Success<Int> -> println("success ${outcome.value()}")
            is Outcome.Failure<Int> -> println("failure ${outcome.error().message}")
        }
    }

    // Kotlin compiles a lambda for a serializable Java interface to one that travels.
    val offset = 40
    val elsewhere = Lox.process(1, Task<Int, Int> { number -> number + offset })
    println("process ${elsewhere.gather(listOf(1, 2))}")
}
